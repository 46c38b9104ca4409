package miroir.simulator.fault;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * The rules that hold now. The same seed and the same requests, one after the other, give the same faults. Thread-safe.
 */
public final class Faults {
    private final Random random;
    private final List<Counted> rules = new ArrayList<>();
    private final Map<Fault, Long> happened = new EnumMap<>(Fault.class);

    private static final class Counted {
        final FaultRule rule;
        int fitted;
        int hits;

        Counted(FaultRule rule) {
            this.rule = rule;
        }
    }

    public Faults(long seed) {
        this.random = new Random(seed);
    }

    public synchronized void add(FaultRule rule) {
        rules.add(new Counted(rule));
    }

    /** Nothing goes wrong any more. */
    public synchronized void clear() {
        rules.clear();
    }

    public synchronized List<FaultRule> rules() {
        return rules.stream().map(counted -> counted.rule).toList();
    }

    /** How often each has happened. */
    public synchronized Map<Fault, Long> happened() {
        return new EnumMap<>(happened);
    }

    /** What goes wrong with this request, if anything does. */
    public synchronized Optional<FaultRule> next(Target target) {
        Optional<FaultRule> hit = Optional.empty();
        for (Counted counted : rules) {
            if (hits(counted, target) && hit.isEmpty()) {
                counted.hits++;
                happened.merge(counted.rule.fault(), 1L, Long::sum);
                hit = Optional.of(counted.rule);
            }
        }
        return hit;
    }

    private boolean hits(Counted counted, Target target) {
        FaultRule rule = counted.rule;
        boolean fits = (rule.page() == 0 || rule.page() == target.page())
                && (rule.type().isEmpty() || rule.type().equals(target.type()))
                && rule.fault().canHappenOn(target);
        if (!fits || (rule.times() > 0 && counted.hits >= rule.times())) {
            return false;
        }
        counted.fitted++;
        boolean itsTurn = rule.request() == 0 || rule.request() == counted.fitted;
        return itsTurn && (rule.rate() == 1 || random.nextDouble() < rule.rate());
    }
}
