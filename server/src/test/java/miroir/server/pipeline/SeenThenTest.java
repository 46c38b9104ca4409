package miroir.server.pipeline;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import miroir.index.Refusal;
import miroir.index.search.Condition;
import miroir.index.store.Caller;
import miroir.index.store.Scope;
import org.bson.BsonString;
import org.junit.jupiter.api.Test;

final class SeenThenTest {
    private static final Caller NOBODY = sees(Map.of());
    private static final Caller SOME = sees(Map.of("Organization", condition("true")));
    private static final Caller OTHERS = sees(Map.of("Organization", condition("false")));
    private static final Caller ALL = sees(Map.of("Organization", Condition.all()));

    private static Condition condition(String value) {
        return new Condition.In("t_active-value", List.of(new BsonString(value)));
    }

    private static Caller sees(Map<String, Condition> types) {
        return new Caller(Caller.DEFAULT_TENANT, Scope.of(types), Scope.nothing(), Scope.nothing());
    }

    private static void check(Caller then, Caller now) {
        new SeenThen(Set.of("Organization"), then, "it began").requireAsMuch(now);
    }

    @Test
    void asMuch_isTheSame_orAll() {
        assertThatCode(() -> check(SOME, SOME)).doesNotThrowAnyException();
        assertThatCode(() -> check(SOME, ALL)).doesNotThrowAnyException();
        assertThatCode(() -> check(ALL, ALL)).doesNotThrowAnyException();
    }

    @Test
    void less_orOthers_isRefused_byName() {
        for (Caller now : List.of(NOBODY, OTHERS)) {
            assertThatThrownBy(() -> check(SOME, now))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("what you may see of Organization is not what it was when it began");
        }
        assertThatThrownBy(() -> check(ALL, SOME)).isInstanceOf(Refusal.class);
    }
}
