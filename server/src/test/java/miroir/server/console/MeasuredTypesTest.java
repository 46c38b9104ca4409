package miroir.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import miroir.index.Refusal;
import miroir.index.store.Deadline;
import miroir.index.store.ForwardingStore;
import miroir.index.store.ResourceStore;
import miroir.index.store.StoredSize;
import miroir.server.TestServer;
import miroir.server.console.MeasuredTypes.Measured;
import org.junit.jupiter.api.Test;

final class MeasuredTypesTest {
    /** A store whose sizes are known, but for one type. */
    private static final class Sizes extends ForwardingStore {
        private final AtomicInteger asked = new AtomicInteger();

        Sizes(ResourceStore store) {
            super(store);
        }

        @Override
        public StoredSize size(String type, Deadline deadline) {
            asked.incrementAndGet();
            if (type.equals("Device")) {
                throw new Refusal(Refusal.Reason.NOT_READY, "away");
            }
            return new StoredSize(1, 2, 3);
        }
    }

    @Test
    void of_askedAgain_asksNobody() {
        try (Sizes store = new Sizes(TestServer.memory())) {
            MeasuredTypes types = new MeasuredTypes(store, Set.of("Practitioner", "Organization"));

            assertThat(types.of("Practitioner")).isEqualTo(new Measured(0L, new StoredSize(1, 2, 3)));
            assertThat(types.of("Organization").isEmpty()).isTrue();
            assertThat(store.asked).hasValue(2);
        }
    }

    @Test
    void of_whatCannotBeSaid_isNotKnown() {
        try (Sizes store = new Sizes(TestServer.memory())) {
            MeasuredTypes types = new MeasuredTypes(store, Set.of("Practitioner", "Device"));

            assertThat(types.of("Device")).isEqualTo(new Measured(0L, null));
            assertThat(types.of("Practitioner").and(types.of("Device"))).isEqualTo(new Measured(0L, null));
            assertThat(types.of("Nothing")).isEqualTo(new Measured(null, null));
        }
    }
}
