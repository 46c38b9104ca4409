package miroir.index.store;

import static org.assertj.core.api.Assertions.assertThat;

import miroir.index.Refusal;
import org.junit.jupiter.api.Test;

/** What would come of a write is told without doing it. */
interface CheckContract extends ContractStore {

    @Test
    default void check_ofWhatWouldBeTaken_writesNothing() {
        Written before = put("p1", "{active: true}");

        store().checkPut(EVERYONE, KEY, fhir("p1", "{active: false}"), Precondition.versionIs(1));
        store().checkPut(EVERYONE, new ResourceKey("Practitioner", "p2"), fhir("p2", "{}"), Precondition.absent());
        assertThat(store().checkDelete(EVERYONE, KEY, Precondition.none())).isTrue();
        assertThat(store().checkDelete(EVERYONE, new ResourceKey("Practitioner", "p2"), Precondition.none()))
                .isFalse();

        assertThat(store().read(EVERYONE, KEY)).contains(before.current());
        assertThat(store().read(EVERYONE, new ResourceKey("Practitioner", "p2")))
                .isEmpty();
        assertThat(put("p1", "{active: false}").current().version()).isEqualTo(2);
    }

    @Test
    default void check_ofWhatWouldBeRefused_isRefusedInTheSameWay() {
        put("p1", "{active: false}");
        put("p3", "{}");
        store().erase(EVERYONE, new ResourceKey("Practitioner", "p3"));
        Caller narrow = ContractStore.only(token("active", "true"));

        refused(
                Refusal.Reason.PRECONDITION_FAILED,
                () -> store().checkPut(EVERYONE, KEY, fhir("p1", "{}"), Precondition.versionIs(2)));
        refused(
                Refusal.Reason.PRECONDITION_FAILED,
                () -> store().checkDelete(EVERYONE, KEY, Precondition.versionIs(2)));
        refused(
                Refusal.Reason.CONFLICT,
                () -> store().checkPut(
                                EVERYONE,
                                new ResourceKey("Practitioner", "p3"),
                                fhir("p3", "{}"),
                                Precondition.none()));
        refused(
                Refusal.Reason.FORBIDDEN,
                () -> store().checkPut(narrow, KEY, fhir("p1", "{active: true}"), Precondition.none()));
        refused(
                Refusal.Reason.FORBIDDEN,
                () -> store().checkPut(
                                narrow,
                                new ResourceKey("Practitioner", "p2"),
                                fhir("p2", "{active: false}"),
                                Precondition.none()));
        assertThat(store().checkDelete(narrow, KEY, Precondition.none())).isFalse();
    }
}
