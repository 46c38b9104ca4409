package miroir.sync.window;

import java.time.Instant;
import java.util.List;
import miroir.storage.sync.Window;

/** What one run asks the upstream for. */
public sealed interface Pass {
    /** Disjoint; what lies in none of them is not asked for. */
    List<Window> windows();

    /**
     * Where the next delta begins if this run completes: the upstream's clock at the first page of the run, not at its
     * end, because what changed while the run was reading may have been read too early.
     */
    Instant nextMark();

    /** What changed since the last complete run. */
    record Delta(Window window) implements Pass {
        /** The second one holds what is changed while we ask. */
        @Override
        public List<Window> windows() {
            return List.of(window, new Window(window.to(), Window.FOREVER));
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
        /**
         * Two, so that a stamp in the future, which an upstream should not give, is asked for as well, while what is
         * cut up by time ends now.
         */
        @Override
        public List<Window> windows() {
            return List.of(new Window(Window.ALWAYS.from(), nextMark), new Window(nextMark, Window.FOREVER));
        }
    }
}
