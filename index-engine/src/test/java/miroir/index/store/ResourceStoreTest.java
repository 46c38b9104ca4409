package miroir.index.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ResourceStoreTest {
    private static final Set<String> OF_THE_WHOLE = Set.of(
            "readiness",
            "incompleteTypes",
            "copies",
            "live",
            "size",
            "reports",
            "inTurn",
            "lookUp",
            "inTurnOfEntry",
            "hasTransactions",
            "inTransaction",
            "close");

    /** They tell when something happened, and not to what. */
    private static final Set<String> OF_INSTANTS = Set.of("settled", "isUnchangedSince", "newest");

    private static Stream<Method> methods() {
        return Stream.of(ResourceStore.class.getDeclaredMethods())
                .filter(method -> !Modifier.isPrivate(method.getModifiers()));
    }

    @Test
    void methods_aboutResources_sayOnWhoseBehalf() {
        assertThat(methods())
                .filteredOn(method -> !OF_THE_WHOLE.contains(method.getName()))
                .isNotEmpty()
                .allSatisfy(method -> assertThat(method.getParameterTypes()).startsWith(new Class<?>[] {Caller.class}));
    }

    /** Who adds one says in {@link NotSeen} what it tells of what the caller does not see. */
    @Test
    void methods_withACaller_areHeldAgainstWhatHeDoesNotSee() {
        Set<String> held = new TreeSet<>(NotSeen.ANSWERS.keySet());
        held.addAll(NotSeen.WRITES.keySet());
        held.addAll(OF_INSTANTS);

        Set<String> asked = methods()
                .filter(method -> List.of(method.getParameterTypes()).contains(Caller.class))
                .map(Method::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(asked).isEqualTo(held);
    }
}
