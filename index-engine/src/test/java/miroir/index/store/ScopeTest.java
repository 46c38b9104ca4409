package miroir.index.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import miroir.index.search.Condition;
import org.junit.jupiter.api.Test;

class ScopeTest {
    private static final Condition SOME = new Condition.Exists("t_name");

    @Test
    void of_typesThatAreNotNamed_haveNothing() {
        Scope scope = Scope.of(Map.of("Organization", SOME));

        assertThat(scope.of("Organization")).isEqualTo(SOME);
        assertThat(scope.of("Practitioner").isNone()).isTrue();
        assertThat(scope.isEverything()).isFalse();
    }

    @Test
    void isEverything_isToldByItsForm() {
        assertThat(Scope.everything().isEverything()).isTrue();
        assertThat(Scope.nothing().isEverything()).isFalse();
        assertThat(Scope.of(Map.of("Organization", Condition.all())).isEverything())
                .isFalse();
        assertThat(new Scope(Map.of("Organization", Condition.all()), Condition.all()).isEverything())
                .isTrue();
        assertThat(new Scope(Map.of("Organization", SOME), Condition.all()).isEverything())
                .isFalse();
    }

    @Test
    void isPlain_whereNoFieldHasToBeLookedAt() {
        Scope scope = Scope.of(Map.of("Organization", SOME, "Location", Condition.all()));

        assertThat(List.of("Organization", "Location", "Practitioner"))
                .filteredOn(scope::isPlain)
                .containsExactly("Location", "Practitioner");
    }

    @Test
    void new_aboutOtherResources_isRefused() {
        Condition linked = new Condition.Not(new Condition.Linked(
                Condition.Direction.REFERS_TO, "t_partof-reference", "Organization", Condition.all()));

        assertThatThrownBy(() -> Scope.of(Map.of("Organization", linked)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("chains");
        assertThatThrownBy(() -> new Scope(Map.of(), linked)).isInstanceOf(IllegalArgumentException.class);
    }
}
