package miroir.index.store;

import static org.assertj.core.api.Assertions.assertThat;

import miroir.index.Refusal;
import miroir.index.search.Condition;
import org.junit.jupiter.api.Test;

/** What callers who may not see everything find and change. */
interface ScopeContract extends ContractStore {

    @Test
    default void read_outsideOfTheScope_isEmpty() {
        put("p1", "{active: true}");
        put("p2", "{active: false}");
        Caller narrow = new Caller(Caller.DEFAULT_TENANT, token("active", "true"));

        assertThat(store().read(narrow, KEY)).isPresent();
        assertThat(store().read(narrow, new ResourceKey("Practitioner", "p2"))).isEmpty();
    }

    @Test
    default void select_outsideOfTheScope_isNotFoundNorCounted() {
        put("p1", "{active: true}");
        put("p2", "{active: false}");
        Caller narrow = new Caller(Caller.DEFAULT_TENANT, token("active", "true"));

        assertThat(store().select(narrow, new PageQuery("Practitioner", Condition.all(), 0, 5, soon()))
                        .resources())
                .extracting(live -> live.key().id())
                .containsExactly("p1");
        assertThat(store().count(narrow, new TotalQuery("Practitioner", Condition.all(), 5, soon())))
                .isEqualTo(new Total(1, true));
    }

    @Test
    default void write_outsideOfTheScope_changesNothing() {
        Written hidden = put("p1", "{active: false}");
        Caller narrow = new Caller(Caller.DEFAULT_TENANT, token("active", "true"));

        refused(
                Refusal.Reason.FORBIDDEN,
                () -> store().put(narrow, KEY, fhir("p1", "{active: true}"), Precondition.none()));
        assertThat(store().delete(narrow, KEY, Precondition.none())).isEmpty();
        assertThat(store().read(EVERYONE, KEY)).contains(hidden.current());
    }

    @Test
    default void put_contentOutsideOfTheScope_isRefusedAndChangesNothing() {
        Written mine = put("p1", "{active: true}");
        Caller narrow = new Caller(Caller.DEFAULT_TENANT, token("active", "true"));

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
}
