package miroir.index.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import miroir.index.Refusal;

/** What became of puts, where it is known what it has to be. */
public final class PutOutcomes {
    private PutOutcomes() {}

    /** What is stored. */
    public static Written stored(PutOutcome outcome) {
        return assertThat(outcome)
                .asInstanceOf(type(PutOutcome.Stored.class))
                .actual()
                .written();
    }

    /** Why it was refused. */
    public static Refusal.Reason reason(PutOutcome outcome) {
        return assertThat(outcome)
                .asInstanceOf(type(PutOutcome.Failed.class))
                .extracting(PutOutcome.Failed::failure)
                .asInstanceOf(type(Refusal.class))
                .actual()
                .reason();
    }
}
