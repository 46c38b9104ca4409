package miroir.index.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import miroir.index.search.Condition;
import org.junit.jupiter.api.Test;

/** What the resources of a type are labelled with. */
interface LabelsContract extends ContractStore {

    @Test
    default void labels_ofNothing_areNone() {
        assertThat(labels(EVERYONE)).isEqualTo(Labels.none());
        putThree();
        assertThat(labels(EVERYONE)).isEqualTo(Labels.none());
    }

    @Test
    default void labels_ofSeveralResources_areThereOnce() {
        put("p1", "{meta: {profile: ['a', 'b'], tag: [{system: 's', code: '1'}, {code: '1', display: 'One'}]}}");
        put("p2", "{meta: {profile: ['b|2'], security: [{system: 's', code: '2'}], tag: [{system: 's', code: '1'}]}}");
        put("p3", "{meta: {profile: ['c'], tag: [{system: 's', code: '3'}, {display: 'without a code'}]}}");
        put("p4", "{meta: {profile: ['d']}}");
        put("p4", "{}");
        store().delete(EVERYONE, new ResourceKey("Practitioner", "p3"), Precondition.none());

        assertThat(labels(EVERYONE))
                .isEqualTo(new Labels(
                        Set.of("a", "b", "b|2"),
                        Set.of(new Label("s", "2")),
                        Set.of(new Label("s", "1"), new Label("", "1"))));
        assertThat(store().labels(EVERYONE, "Organization", soon())).isEqualTo(Labels.none());
    }

    @Test
    default void labels_outsideOfTheScope_areNotTold() {
        put("p1", "{meta: {profile: ['a'], tag: [{code: '1'}]}, active: true}");
        put("p2", "{meta: {profile: ['b'], tag: [{code: '2'}]}, active: false}");

        Condition active = token("active", "true");
        assertThat(labels(ContractStore.only(active)))
                .isEqualTo(new Labels(Set.of("a"), Set.of(), Set.of(new Label("", "1"))));
    }

    /** Each as it is said, by whoever is told. */
    @Test
    default void labels_withAndWithoutAVersion_areBothTold() {
        put("p1", "{meta: {profile: ['a', 'a|1', 'b|1']}, active: true}");
        put("p2", "{meta: {profile: ['a|1']}, active: true}");

        Labels both = new Labels(Set.of("a", "a|1", "b|1"), Set.of(), Set.of());
        assertThat(labels(EVERYONE)).isEqualTo(both);
        assertThat(labels(ContractStore.only(token("active", "true")))).isEqualTo(both);
    }

    private Labels labels(Caller caller) {
        return store().labels(caller, "Practitioner", soon());
    }
}
