package miroir.sync.run;

import java.time.InstantSource;
import java.util.function.UnaryOperator;
import miroir.storage.sync.LogLine;
import miroir.storage.sync.Register;
import miroir.storage.sync.Run;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a run says: to the log of its process, and beside its checkpoint, where the console shows the last of it to who cannot see that log. What cannot be
 * written down there is in the process's log alone: no run fails for what it says. Whatever it says, and wherever it heard it, is without what opens the source.
 */
final class RunLog {
    private static final Logger LOG = LoggerFactory.getLogger(RunLog.class);

    private final String synchronisation;
    private final Register register;
    private final Leadership leadership;
    private final InstantSource clock;
    private final UnaryOperator<String> hidden;
    private volatile @Nullable String run;

    /** @param hidden makes a text without secrets of one that may have some */
    RunLog(
            String synchronisation,
            Register register,
            Leadership leadership,
            InstantSource clock,
            UnaryOperator<String> hidden) {
        this.hidden = hidden;
        this.synchronisation = synchronisation;
        this.register = register;
        this.leadership = leadership;
        this.clock = clock;
    }

    /** From now on it is that run which says things. */
    void of(Run opened) {
        run = opened.id();
    }

    void says(String text) {
        String said = hidden(text);
        LOG.info("{}: {}", synchronisation, said);
        keep(false, said);
    }

    void warns(String text) {
        String said = hidden(text);
        LOG.warn("{}: {}", synchronisation, said);
        keep(true, said);
    }

    /** What the process's log knows already. */
    void knows(String text) {
        keep(true, hidden(text));
    }

    /** The same without secrets. */
    String hidden(String text) {
        return hidden.apply(text);
    }

    private void keep(boolean isWarning, String text) {
        String id = run;
        if (id == null) {
            return;
        }
        try {
            register.keep(leadership.lease(), id, new LogLine(clock.instant(), isWarning, text));
        } catch (RuntimeException e) {
            LOG.debug("{}: that is not written down with the run", synchronisation, e);
        }
    }
}
