package miroir.benchmarks;

import java.util.Collection;
import java.util.function.ToDoubleFunction;

/** The one in the middle, or what lies halfway between the two there: one round that met something else on the machine does not move it. */
public final class Median {
    private Median() {}

    /** Of a figure that each of them has; there is one at least. */
    public static <T> double of(Collection<T> all, ToDoubleFunction<? super T> figure) {
        double[] sorted = all.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
