package miroir.index.store;

import static miroir.index.store.PutOutcomes.reason;
import static miroir.index.store.PutOutcomes.stored;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import miroir.index.Refusal;
import miroir.index.search.Condition;
import org.junit.jupiter.api.Test;

/** Several writes at once have the effects and refusals that each has by itself. */
interface PutEachContract extends ContractStore {

    private Put toPut(String id, String body) {
        return new Put(new ResourceKey("Practitioner", id), fhir(id, body), false);
    }

    private Put toCreate(String id, String body) {
        return new Put(new ResourceKey("Practitioner", id), fhir(id, body), true);
    }

    private List<PutOutcome> putEach(Put... puts) {
        return store().putEach(EVERYONE, List.of(puts), soon());
    }

    @Test
    default void putEach_newChangedAndSame_tellsOfEachInOrder() {
        Written same = put("p1", "{name: ['Anne']}");
        Written before = put("p2", "{name: ['Marin']}");

        List<PutOutcome> outcomes = putEach(
                toPut("p3", "{active: true}"),
                toPut("p1", "{name: ['Anne']}"),
                toCreate("p4", "{name: ['Zoé']}"),
                toPut("p2", "{name: ['Martin']}"));

        Written put = stored(outcomes.get(0));
        assertThat(put.effect()).isEqualTo(Written.Effect.CREATED);
        assertThat(live(put).origin()).isEqualTo(ResourceVersion.Origin.PUT_CREATED);
        assertThat(stored(outcomes.get(1)).effect()).isEqualTo(Written.Effect.UNCHANGED);
        assertThat(stored(outcomes.get(1)).current()).isEqualTo(same.current());
        assertThat(live(stored(outcomes.get(2))).origin()).isEqualTo(ResourceVersion.Origin.CREATED);
        Written changed = stored(outcomes.get(3));
        assertThat(changed.effect()).isEqualTo(Written.Effect.UPDATED);
        assertThat(changed.current().version()).isEqualTo(2);
        assertThat(live(changed).origin()).isEqualTo(ResourceVersion.Origin.UPDATED);
        assertThat(live(changed).position()).isEqualTo(live(before).position());
        assertThat(changed.current().from()).isAfter(before.current().from());
        assertThat(changed.replaced()).isPositive();
        for (int i = 0; i < outcomes.size(); i++) {
            ResourceVersion current = stored(outcomes.get(i)).current();
            assertThat(store().read(EVERYONE, current.key())).contains(current);
        }
        assertThat(store().readVersion(EVERYONE, before.current().key(), 1)).contains(before.current());
    }

    @Test
    default void putEach_many_standInTheirOrder() {
        List<Put> puts = IntStream.range(0, 30)
                .mapToObj(i -> toPut("p" + (29 - i), "{active: true}"))
                .toList();

        store().putEach(EVERYONE, puts, soon());

        assertThat(ids(Condition.all()))
                .isEqualTo(puts.stream().map(put -> put.key().id()).toList());
    }

    @Test
    default void putEach_deletedBefore_isMadeAgain() {
        put("p1", "{name: ['Anne']}");
        store().delete(EVERYONE, KEY, Precondition.none());
        put("p2", "{name: ['Anne']}");
        store().delete(EVERYONE, new ResourceKey("Practitioner", "p2"), Precondition.none());

        List<PutOutcome> outcomes = putEach(
                toPut("p1", "{name: ['Anne']}"), toCreate("p2", "{name: ['Anne']}"), toPut("p3", "{active: true}"));

        assertThat(outcomes)
                .map(PutOutcomes::stored)
                .extracting(Written::effect)
                .containsOnly(Written.Effect.CREATED);
        assertThat(outcomes)
                .map(PutOutcomes::stored)
                .extracting(written -> written.current().version())
                .containsExactly(3L, 3L, 1L);
    }

    @Test
    default void putEach_someAreRefused_doesTheOthers() {
        put("p1", "{name: ['Anne']}");
        put("p2", "{name: ['Marin']}");
        store().erase(EVERYONE, new ResourceKey("Practitioner", "p2"));

        List<PutOutcome> outcomes = putEach(
                toPut("p3", "{active: true}"),
                toCreate("p1", "{name: ['Anne']}"),
                toPut("p2", "{name: ['Marin']}"),
                toPut("p4", "{active: true}"));

        assertThat(stored(outcomes.get(0)).effect()).isEqualTo(Written.Effect.CREATED);
        assertThat(reason(outcomes.get(1))).isEqualTo(Refusal.Reason.PRECONDITION_FAILED);
        assertThat(reason(outcomes.get(2))).isEqualTo(Refusal.Reason.CONFLICT);
        assertThat(stored(outcomes.get(3)).effect()).isEqualTo(Written.Effect.CREATED);
    }

    @Test
    default void putEach_outsideOfTheScope_isRefusedAndChangesNothing() {
        Written mine = put("p1", "{active: true}");
        Written hidden = put("p2", "{active: false}");
        Caller narrow = ContractStore.only(token("active", "true"));

        List<PutOutcome> outcomes = store().putEach(
                        narrow,
                        List.of(
                                toPut("p1", "{active: false}"),
                                toPut("p2", "{active: true}"),
                                toPut("p3", "{active: false}"),
                                toPut("p4", "{active: true}")),
                        soon());

        assertThat(outcomes.subList(0, 3)).map(PutOutcomes::reason).containsOnly(Refusal.Reason.FORBIDDEN);
        assertThat(stored(outcomes.get(3)).effect()).isEqualTo(Written.Effect.CREATED);
        assertThat(store().read(EVERYONE, KEY)).contains(mine.current());
        assertThat(store().read(EVERYONE, hidden.current().key())).contains(hidden.current());
        assertThat(ids(Condition.all())).containsExactly("p1", "p2", "p4");
    }

    @Test
    default void putEach_deadlineHasPassed_beginsNone() {
        Deadline passed = Deadline.in(Duration.ofSeconds(-1));

        assertThat(store().putEach(EVERYONE, List.of(toPut("p1", "{}"), toPut("p2", "{}")), passed))
                .containsOnly(new PutOutcome.NotBegun());
        assertThat(ids(Condition.all())).isEmpty();
    }
}
