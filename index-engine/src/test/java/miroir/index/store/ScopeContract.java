package miroir.index.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import miroir.index.Refusal;
import miroir.index.search.Condition;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What callers who may not see everything find and change. */
interface ScopeContract extends ContractStore {

    @Test
    default void read_outsideOfTheScope_isEmpty() {
        put("p1", "{active: true}");
        put("p2", "{active: false}");
        Caller narrow = ContractStore.only(token("active", "true"));

        assertThat(store().read(narrow, KEY)).isPresent();
        assertThat(store().read(narrow, new ResourceKey("Practitioner", "p2"))).isEmpty();
    }

    @Test
    default void select_outsideOfTheScope_isNotFoundNorCounted() {
        put("p1", "{active: true}");
        put("p2", "{active: false}");
        Caller narrow = ContractStore.only(token("active", "true"));

        assertThat(store().select(narrow, new PageQuery("Practitioner", Condition.all(), 0, 5, soon()))
                        .resources())
                .extracting(live -> live.key().id())
                .containsExactly("p1");
        assertThat(store().count(narrow, TotalQuery.upTo(5, "Practitioner", Condition.all(), soon())))
                .isEqualTo(new Total(1, true));
    }

    @Test
    default void write_outsideOfTheScope_changesNothing() {
        Written hidden = put("p1", "{active: false}");
        Caller narrow = ContractStore.only(token("active", "true"));

        refused(
                Refusal.Reason.FORBIDDEN,
                () -> store().put(narrow, KEY, fhir("p1", "{active: true}"), Precondition.none()));
        assertThat(store().delete(narrow, KEY, Precondition.none())).isEmpty();
        assertThat(store().read(EVERYONE, KEY)).contains(hidden.current());
    }

    @Test
    default void put_contentOutsideOfTheScope_isRefusedAndChangesNothing() {
        Written mine = put("p1", "{active: true}");
        Caller narrow = ContractStore.only(token("active", "true"));

        refused(
                Refusal.Reason.FORBIDDEN,
                () -> store().put(narrow, KEY, fhir("p1", "{active: false}"), Precondition.none()));
        refused(
                Refusal.Reason.FORBIDDEN,
                () -> store().create(narrow, new ResourceKey("Practitioner", "p2"), fhir("p2", "{}")));
        assertThat(store().read(EVERYONE, KEY)).contains(mine.current());
        assertThat(store().read(EVERYONE, new ResourceKey("Practitioner", "p2")))
                .isEmpty();
        assertThat(store().put(narrow, KEY, fhir("p1", "{active: true, name: ['Anne']}"), Precondition.none())
                        .effect())
                .isEqualTo(Written.Effect.UPDATED);
    }

    @Test
    default void everyMethod_aboutWhatIsNotSeen_answersAsIfItWereNotThere() {
        NotSeen.fillWithSeen(store());
        Map<String, Object> before = answers(null);
        Instant nothingElse = store().settled(EVERYONE, Duration.ofSeconds(20), soon());
        Map<String, Object> asAtBefore = answers(nothingElse);

        NotSeen.fillWithWhatWasSeen(store());
        Instant somethingElse = store().settled(EVERYONE, Duration.ofSeconds(20), soon());
        NotSeen.hide(store());

        assertThat(answers(null)).isEqualTo(before);
        assertThat(answers(nothingElse)).isEqualTo(asAtBefore);
        assertThat(answers(somethingElse)).isEqualTo(asAtBefore);
        assertThat(String.valueOf(before.get("count"))).contains("matches=4");
    }

    private Map<String, Object> answers(@Nullable Instant asOf) {
        Map<String, Object> answers = new TreeMap<>();
        NotSeen.ANSWERS.forEach((method, answer) -> answers.put(method, answer.of(store(), asOf)));
        return answers;
    }

    @Test
    default void write_overWhatIsNotSeen_isRefused() {
        NotSeen.fillWithWhatWasSeen(store());
        NotSeen.hide(store());

        for (ResourceKey key : List.of(NotSeen.HIDDEN, NotSeen.LEFT, NotSeen.OF_ANOTHER_TYPE)) {
            Optional<ResourceVersion> there = store().read(EVERYONE, key);
            NotSeen.WRITES.forEach((method, write) -> forbidden(
                    "what is stored as " + key + " is outside of what the caller may write",
                    () -> write.to(store(), key)));
            assertThat(store().read(EVERYONE, key)).isEqualTo(there);
        }
    }

    @Test
    default void history_ofTwoTypes_holdsEachAgainstItsOwnScope() {
        put("p1", "{active: true}");
        put("p2", "{active: false}");
        put("p3", "{name: ['Anne']}");
        organization("o1", "name: ['Anne']");
        organization("o2", "active: true");
        Caller caller = seeing(Scope.of(
                Map.of("Practitioner", NotSeen.ACTIVE, "Organization", new Condition.Text("t_name", "anne", false))));
        HistoryQuery both = new HistoryQuery(
                new HistoryQuery.Types(Set.of("Practitioner", "Organization")),
                null,
                null,
                Instant.now().plusSeconds(60),
                null,
                100,
                soon());

        assertThat(store().history(caller, both).versions())
                .extracting(version -> version.key().toString())
                .containsExactlyInAnyOrder("Practitioner/p1", "Organization/o1");
    }

    /** It has no name, as everything that was deleted. */
    @Test
    default void deletion_ofWhatWasOutsideOfTheScope_isNotSeen() {
        Caller nameless = ContractStore.only(new Condition.Not(new Condition.Exists("t_name")));
        put("p1", "{name: ['Anne']}");
        store().delete(EVERYONE, KEY, Precondition.none());
        put("p2", "{active: true}");
        HistoryQuery all = new HistoryQuery(
                new HistoryQuery.Types(Set.of("Practitioner")),
                null,
                null,
                Instant.now().plusSeconds(60),
                null,
                100,
                soon());

        assertThat(store().read(nameless, KEY)).isEmpty();
        assertThat(store().readVersion(nameless, KEY, 2)).isEmpty();
        assertThat(store().history(nameless, all).versions())
                .extracting(version -> version.key().id())
                .containsExactly("p2");
        assertThat(store().delete(nameless, KEY, Precondition.none())).isEmpty();
        assertThat(store().erase(nameless, KEY)).isEmpty();
    }

    @Test
    default void write_ofWhatIsSeenAndNotToBeChanged_isRefused() {
        Written before = organization("o1", "active: true, name: ['Bea']");
        ResourceKey key = before.current().key();
        Caller caller = changing(new Condition.Text("t_name", "anne", false));
        String sentence = "what is stored as Organization/o1 is outside of what the caller may write";
        RawBsonDocument named = NotSeen.resource(key, "active: true, name: ['Anne']");

        assertThat(store().read(caller, key)).isPresent();
        forbidden(sentence, () -> store().put(caller, key, named, Precondition.none()));
        forbidden(sentence, () -> store().put(caller, key, named, Precondition.versionIs(1)));
        forbidden(sentence, () -> store().checkPut(caller, key, named, Precondition.none()));
        forbidden(sentence, () -> store().delete(caller, key, Precondition.none()));
        forbidden(sentence, () -> store().checkDelete(caller, key, Precondition.none()));
        forbidden(sentence, () -> store().erase(caller, key));
        assertThat(store().read(EVERYONE, key)).contains(before.current());
    }

    @Test
    default void put_thatMovesAResourceOut_isRefused() {
        Written before = organization("o1", "active: true, name: ['Anne']");
        ResourceKey key = before.current().key();
        Caller caller = changing(new Condition.Text("t_name", "anne", false));
        RawBsonDocument moved = NotSeen.resource(key, "active: true, name: ['Bea']");
        String sentence = "what would be written as Organization/o1 is outside of what the caller may write";

        forbidden(sentence, () -> store().put(caller, key, moved, Precondition.versionIs(1)));
        forbidden(sentence, () -> store().checkPut(caller, key, moved, Precondition.none()));
        assertThat(store().read(EVERYONE, key)).contains(before.current());
        RawBsonDocument kept = NotSeen.resource(key, "active: true, name: ['Annette']");
        store().checkPut(caller, key, kept, Precondition.none());
        assertThat(store().put(caller, key, kept, Precondition.none()).effect()).isEqualTo(Written.Effect.UPDATED);
        assertThat(store().checkDelete(caller, key, Precondition.none())).isTrue();
        assertThat(store().delete(caller, key, Precondition.none())).isPresent();
    }

    @Test
    default void create_isHeldAgainstWhatMayBeCreated() {
        ResourceKey key = NotSeen.organization("o1");
        Condition anne = new Condition.Text("t_name", "anne", false);
        Caller caller = new Caller(
                Caller.DEFAULT_TENANT, Scope.nothing(), Scope.of(Map.of("Organization", anne)), Scope.nothing());
        RawBsonDocument outside = NotSeen.resource(key, "name: ['Bea']");
        RawBsonDocument within = NotSeen.resource(key, "name: ['Anne']");
        Criteria criteria = new Criteria("Organization", anne, soon());
        String sentence = "what would be written as Organization/o1 is outside of what the caller may write";

        forbidden(sentence, () -> store().create(caller, key, outside));
        forbidden(sentence, () -> store().put(caller, key, outside, Precondition.none()));
        forbidden(sentence, () -> store().checkPut(caller, key, outside, Precondition.none()));
        forbidden(
                sentence,
                () -> store().createUnlessFound(caller, criteria, key, outside, ResourceVersion.Origin.CREATED));
        assertThat(store().read(EVERYONE, key)).isEmpty();
        store().create(caller, key, within);
        assertThat(store().read(caller, key)).isEmpty();
        assertThat(store().read(EVERYONE, key)).isPresent();
        forbidden("what is stored as Organization/o1", () -> store().put(caller, key, within, Precondition.none()));
        store().delete(EVERYONE, key, Precondition.none());
        forbidden(sentence, () -> store().put(caller, key, outside, Precondition.none()));
        assertThat(store().put(caller, key, within, Precondition.none()).effect())
                .isEqualTo(Written.Effect.CREATED);
    }

    private Written organization(String id, String body) {
        ResourceKey key = NotSeen.organization(id);
        return store().put(EVERYONE, key, NotSeen.resource(key, body), Precondition.none());
    }

    private static Caller seeing(Scope seen) {
        return new Caller(Caller.DEFAULT_TENANT, seen, Scope.nothing(), Scope.nothing());
    }

    /** Sees active organizations, and may change what of any type meets that. */
    private static Caller changing(Condition changed) {
        return new Caller(
                Caller.DEFAULT_TENANT, NotSeen.ACTIVE_ORGANIZATIONS, Scope.everything(), new Scope(Map.of(), changed));
    }

    private static void forbidden(String sentence, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(Refusal.class, refused -> {
            assertThat(refused.reason()).isEqualTo(Refusal.Reason.FORBIDDEN);
            assertThat(refused.getMessage()).contains(sentence);
        });
    }
}
