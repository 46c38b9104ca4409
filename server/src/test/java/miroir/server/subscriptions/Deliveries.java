package miroir.server.subscriptions;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What a receiver took, held against what was written: all of it, and of each resource one version after the other. */
final class Deliveries {
    private Deliveries() {}

    /** Those of these, as {@code Type/id version}, that nobody took. */
    static Set<String> missing(Set<String> written, List<TestReceiver.Got> taken) {
        Set<String> missing = new TreeSet<>(written);
        taken.forEach(got -> missing.remove(got.resource() + " " + got.version()));
        return missing;
    }

    /**
     * A version may come again, after a crash, and then those behind it do as well. But none comes before the one before it was taken.
     */
    static void checkOrder(List<TestReceiver.Got> taken) {
        Map<String, Long> newest = new HashMap<>();
        List<String> wrong = new ArrayList<>();
        for (TestReceiver.Got got : taken) {
            long before = newest.getOrDefault(got.resource(), 0L);
            if (got.version() > before + 1) {
                wrong.add(got.resource() + " " + got.version() + " after " + before);
            }
            newest.merge(got.resource(), got.version(), Math::max);
        }
        assertThat(wrong).isEmpty();
    }
}
