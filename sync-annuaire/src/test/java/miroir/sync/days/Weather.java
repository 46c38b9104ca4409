package miroir.sync.days;

import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import miroir.simulator.fault.Fault;
import miroir.simulator.fault.FaultRule;
import miroir.simulator.fault.Faults;

/** What goes wrong upstream: a few faults at a time, and other ones in the middle of runs. */
final class Weather {
    private static final List<Fault> PASSING = List.of(
            Fault.TOO_MANY_REQUESTS,
            Fault.BAD_GATEWAY,
            Fault.GATEWAY_TIMEOUT,
            Fault.CUT,
            Fault.TRUNCATED,
            Fault.SLOW,
            Fault.WRONG_CONTENT_TYPE,
            Fault.LINK_TOO_OLD,
            Fault.LINK_BAD,
            Fault.LINK_NOT_FOUND,
            Fault.LINK_GONE,
            Fault.DUPLICATE_PAGE,
            Fault.MISSING_PAGE,
            Fault.EARLY_END,
            Fault.WRONG_TOTAL,
            Fault.LOW_TOTAL,
            Fault.ZERO_TOTAL,
            Fault.NO_TOTAL,
            Fault.WRONG_RESOURCE);

    private static final int AT_ONCE = 4;
    private static final double HIGHEST_RATE = 1.0 / 15;
    private static final double RATE_OF_SLOW = 1.0 / 200;

    /** A run looks twice or more whether it shall stop for each call that it makes. */
    private static final int LOOKS_BETWEEN = 60;

    private final Faults faults;
    private final Random random;
    private final AtomicInteger looks = new AtomicInteger();

    Weather(Faults faults, Random random) {
        this.faults = faults;
        this.random = random;
    }

    /** Called again and again while a run works. */
    void look() {
        if (looks.incrementAndGet() % LOOKS_BETWEEN == 0) {
            change();
        }
    }

    /** Other faults from now on, some at a rate, one by script. */
    void change() {
        faults.clear();
        for (int i = 0; i < AT_ONCE; i++) {
            Fault fault = any();
            faults.add(
                    fault == Fault.SLOW
                            ? FaultRule.atRate(fault, RATE_OF_SLOW).seconds(1)
                            : FaultRule.atRate(fault, random.nextDouble() * HIGHEST_RATE));
        }
        faults.add(FaultRule.once(any()).onRequest(1 + random.nextInt(20)).seconds(1));
    }

    /** All questions about a type fail. */
    void storm(String type) {
        faults.clear();
        faults.add(FaultRule.atRate(Fault.BAD_GATEWAY, 1).ofType(type));
    }

    /** Nothing goes wrong. */
    void calm() {
        faults.clear();
    }

    private Fault any() {
        return PASSING.get(random.nextInt(PASSING.size()));
    }
}
