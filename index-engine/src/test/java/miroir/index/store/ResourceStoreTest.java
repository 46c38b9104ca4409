package miroir.index.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class ResourceStoreTest {
    private static final Set<String> OF_THE_WHOLE =
            Set.of("readiness", "inTurn", "lookUp", "inTurnOfEntry", "hasTransactions", "inTransaction", "close");

    @Test
    void methods_aboutResources_sayOnWhoseBehalf() {
        assertThat(ResourceStore.class.getDeclaredMethods())
                .filteredOn(method -> !OF_THE_WHOLE.contains(method.getName()))
                .isNotEmpty()
                .allSatisfy(method -> assertThat(method.getParameterTypes()).startsWith(new Class<?>[] {Caller.class}));
    }
}
