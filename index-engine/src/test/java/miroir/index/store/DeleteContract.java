package miroir.index.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import miroir.index.Refusal;
import miroir.index.search.Condition;
import org.junit.jupiter.api.Test;

/** A deletion is a version. */
interface DeleteContract extends ContractStore {

    @Test
    default void delete_unusedId_isEmpty() {
        assertThat(store().delete(EVERYONE, KEY, Precondition.none())).isEmpty();
        assertThat(store().delete(EVERYONE, KEY, Precondition.absent())).isEmpty();
    }

    /** As with an update: who names a version is told that it is not there. */
    @Test
    default void delete_unusedIdWithAVersion_isRefused() {
        for (Precondition precondition : List.of(Precondition.versionIs(1), Precondition.present())) {
            assertThatThrownBy(() -> store().delete(EVERYONE, KEY, precondition))
                    .isInstanceOfSatisfying(
                            Refusal.class,
                            refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.PRECONDITION_FAILED));
        }
    }

    @Test
    default void delete_live_isAVersion() {
        Written created = put("p1", "{}");
        Optional<Written> deleted = store().delete(EVERYONE, KEY, Precondition.none());

        assertThat(deleted).map(Written::effect).contains(Written.Effect.DELETED);
        ResourceVersion version = deleted.orElseThrow().current();
        assertThat(version).isInstanceOf(ResourceVersion.Deleted.class);
        assertThat(version.version()).isEqualTo(2);
        assertThat(version.from()).isAfter(created.current().from());
        assertThat(store().read(EVERYONE, KEY)).contains(version);
    }

    @Test
    default void writes_tellHowLongWhatTheyReplacedWas() {
        assertThat(put("p1", "{name: ['" + "x".repeat(10_000) + "']}").replaced())
                .isZero();
        assertThat(put("p1", "{name: ['Anne']}").replaced()).isGreaterThan(10_000);
        Optional<Written> deleted = store().delete(EVERYONE, KEY, Precondition.none());
        assertThat(deleted.orElseThrow().replaced()).isBetween(10L, 10_000L);
        assertThat(put("p1", "{}").replaced()).isZero();
    }

    @Test
    default void delete_twice_makesNoVersion() {
        put("p1", "{}");
        Optional<Written> first = store().delete(EVERYONE, KEY, Precondition.none());
        Optional<Written> second = store().delete(EVERYONE, KEY, Precondition.none());

        assertThat(second).map(Written::effect).contains(Written.Effect.ALREADY_DELETED);
        assertThat(second.orElseThrow().current()).isEqualTo(first.orElseThrow().current());
    }

    @Test
    default void delete_versionAmongSeveral_deletes() {
        put("p1", "{}");

        refused(
                Refusal.Reason.PRECONDITION_FAILED,
                () -> store().delete(EVERYONE, KEY, Precondition.versionIsAmong(Set.of(2L, 7L))));
        assertThat(store().delete(EVERYONE, KEY, Precondition.versionIsAmong(Set.of(1L, 7L))))
                .map(Written::effect)
                .contains(Written.Effect.DELETED);
    }

    /** Who knows of the deletion asks for nothing new; who thinks that it is still version 1 is told. */
    @Test
    default void delete_versionOfTheDeletionGiven_isDoneAlready() {
        put("p1", "{}");
        store().delete(EVERYONE, KEY, Precondition.none());

        assertThat(store().delete(EVERYONE, KEY, Precondition.versionIs(2)))
                .map(Written::effect)
                .contains(Written.Effect.ALREADY_DELETED);
        refused(Refusal.Reason.PRECONDITION_FAILED, () -> store().delete(EVERYONE, KEY, Precondition.versionIs(1)));
    }

    @Test
    default void put_afterDeletion_continuesVersionsAtTheSamePosition() {
        ResourceVersion.Live first = live(put("p1", "{name: ['Anne']}"));
        store().delete(EVERYONE, KEY, Precondition.none());
        Written again = put("p1", "{name: ['Anne']}", Precondition.absent());

        assertThat(again.effect()).isEqualTo(Written.Effect.CREATED);
        assertThat(live(again).version()).isEqualTo(3);
        assertThat(live(again).position()).isEqualTo(first.position());
    }

    @Test
    default void select_deleted_isNotFound() {
        put("p1", "{name: ['Anne']}");
        put("p2", "{name: ['Anne']}");
        store().delete(EVERYONE, KEY, Precondition.none());

        assertThat(ids(Condition.all())).containsExactly("p2");
        assertThat(ids(new Condition.Text("t_name", "anne", false))).containsExactly("p2");
        assertThat(ids(new Condition.Not(new Condition.Exists("t_active-value"))))
                .containsExactly("p2");
        assertThat(count(Condition.all(), 10)).isEqualTo(new Total(1, true));
    }
}
