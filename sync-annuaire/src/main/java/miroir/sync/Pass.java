package miroir.sync;

import java.time.Instant;
import java.util.List;

/** What one run asks the upstream for. */
sealed interface Pass {

    /** Disjoint; what lies in none of them is not asked for. */
    List<Window> windows();

    /**
     * Where the next delta begins if this run completes: the upstream's clock at the first page of the run, not at its
     * end, because what changed while the run was reading may have been read too early.
     */
    Instant nextMark();

    /** What changed since the last complete run. */
    record Delta(Window window) implements Pass {
        @Override
        public List<Window> windows() {
            return List.of(window);
        }

        @Override
        public Instant nextMark() {
            return window.to();
        }
    }

    /**
     * Everything.
     *
     * @param reason a sentence for the operator: a full pass takes hours, and nobody should have to guess why
     */
    record Full(Instant nextMark, String reason) implements Pass {
        private static final Instant BEGINNING = Instant.EPOCH;
        private static final Instant FOREVER = Instant.parse("9999-12-31T23:59:59.999Z");

        /**
         * Two, so that a stamp in the future, which an upstream should not give, is asked for as well, while what is
         * cut up by time ends now.
         */
        @Override
        public List<Window> windows() {
            return List.of(new Window(BEGINNING, nextMark), new Window(nextMark, FOREVER));
        }
    }
}
