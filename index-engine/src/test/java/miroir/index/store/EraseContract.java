package miroir.index.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import miroir.index.Refusal;
import miroir.index.search.Condition;
import org.junit.jupiter.api.Test;

/** Erasure leaves that there was something, and nothing of what it was. */
interface EraseContract extends ContractStore {

    @Test
    default void erase_unusedId_isEmpty() {
        assertThat(store().erase(EVERYONE, KEY)).isEmpty();
    }

    @Test
    default void erase_severalVersions_leavesOneThatSaysSo() {
        put("p1", "{name: ['Anne']}");
        put("p1", "{name: ['Anna']}");
        put("p2", "{name: ['Anne']}");

        assertThat(store().erase(EVERYONE, KEY)).contains(new Erased(KEY, 3, 2));

        ResourceVersion mark = store().read(EVERYONE, KEY).orElseThrow();
        assertThat(mark).isEqualTo(new ResourceVersion.Deleted(KEY, 3, mark.from(), true));
        assertThat(store().readVersion(EVERYONE, KEY, 1)).isEmpty();
        assertThat(store().readVersion(EVERYONE, KEY, 2)).isEmpty();
        assertThat(store().readVersion(EVERYONE, KEY, 3)).contains(mark);
        assertThat(historyOf(new HistoryQuery.Resource(KEY))).containsExactly(mark);
        assertThat(historyOf(new HistoryQuery.Types(Set.of("Practitioner"))))
                .extracting(version -> version.key().id() + "/" + version.version())
                .containsExactlyInAnyOrder("p1/3", "p2/1");
        assertThat(ids(new Condition.Text("t_name", "ann", false))).containsExactly("p2");
    }

    @Test
    default void erase_deleted_countsTheVersionsWithContent() {
        put("p1", "{}");
        store().delete(EVERYONE, KEY, Precondition.none());

        assertThat(store().erase(EVERYONE, KEY)).contains(new Erased(KEY, 3, 1));
    }

    @Test
    default void erase_twice_changesNothing() {
        put("p1", "{}");
        store().erase(EVERYONE, KEY);
        Optional<ResourceVersion> mark = store().read(EVERYONE, KEY);

        assertThat(store().erase(EVERYONE, KEY)).contains(new Erased(KEY, 2, 0));
        assertThat(store().read(EVERYONE, KEY)).isEqualTo(mark);
    }

    @Test
    default void write_erased_isRefusedWhateverTheCondition() {
        put("p1", "{}");
        store().erase(EVERYONE, KEY);

        refused(Refusal.Reason.CONFLICT, () -> put("p1", "{}"));
        refused(Refusal.Reason.CONFLICT, () -> put("p1", "{}", Precondition.absent()));
        refused(Refusal.Reason.CONFLICT, () -> put("p1", "{}", Precondition.versionIs(1)));
        refused(Refusal.Reason.CONFLICT, () -> store().create(EVERYONE, KEY, fhir("p1", "{}")));
        assertThat(store().delete(EVERYONE, KEY, Precondition.none()))
                .map(Written::effect)
                .contains(Written.Effect.ALREADY_DELETED);
    }

    @Test
    default void erase_outsideOfTheScope_changesNothing() {
        ResourceVersion hidden = put("p1", "{active: false}").current();
        Caller narrow = ContractStore.only(token("active", "true"));

        assertThat(store().erase(narrow, KEY)).isEmpty();
        assertThat(store().read(EVERYONE, KEY)).contains(hidden);
    }

    private List<ResourceVersion> historyOf(HistoryQuery.Of of) {
        Instant later = Instant.now().plusSeconds(60);
        return store().history(EVERYONE, new HistoryQuery(of, null, null, later, null, 100, soon()))
                .versions();
    }
}
