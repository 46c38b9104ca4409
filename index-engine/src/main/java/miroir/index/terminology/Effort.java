package miroir.index.terminology;

import miroir.index.Refusal;
import miroir.index.store.Deadline;

/**
 * What one request may spend on value sets and hierarchies. Whoever may write one can write one that takes for ever, so all that
 * grows with what is written in it is counted here, before it is done.
 */
final class Effort {
    /** Letters that expressions are held against, and concepts and values that filters are: some seconds at most. */
    private static final int MOST_STEPS = 20_000_000;

    /** Codes that are put together, those that are excluded later among them: less than 100 MB. */
    private static final int MOST_CODES = 1_000_000;

    private final Deadline deadline;
    private long steps;
    private int codes;

    Effort(Deadline deadline) {
        this.deadline = deadline;
    }

    void takeSteps(long more) {
        if (more > MOST_STEPS - steps) {
            throw tooMuch("filters and hierarchies take more than " + MOST_STEPS + " steps on the code system");
        }
        steps += more;
    }

    void takeCodes(int more) {
        if (more > MOST_CODES - codes) {
            throw tooMuch("more than " + MOST_CODES + " codes have to be put together for it");
        }
        codes += more;
    }

    void requireTime() {
        if (deadline.remaining().isNegative()) {
            throw tooMuch("there was not enough time for what it is made of");
        }
    }

    private static Refusal tooMuch(String why) {
        return new Refusal(
                Refusal.Reason.TOO_COSTLY, "the value set or hierarchy is too large to be searched by: " + why);
    }
}
