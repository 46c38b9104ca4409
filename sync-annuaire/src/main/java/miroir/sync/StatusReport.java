package miroir.sync;

import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import miroir.storage.sync.Register;
import miroir.storage.sync.Run;
import miroir.storage.sync.Synchronisation;

/** Says in a table how synchronisations are. */
final class StatusReport {
    private final Register register;
    private final Instant now;
    private final PrintStream out;

    StatusReport(Register register, Instant now, PrintStream out) {
        this.register = register;
        this.now = now;
        this.out = out;
    }

    /** Prints it; true where all are well. */
    boolean print() {
        List<Synchronisation> all = register.all();
        if (all.isEmpty()) {
            out.println("There are no synchronisations yet; './miroir sync once' or './miroir sync run' makes them.");
        }
        boolean well = true;
        for (Synchronisation each : all) {
            well &= each.state() != Synchronisation.State.KO;
            print(each);
        }
        return well;
    }

    private void print(Synchronisation each) {
        Run last = register.runs(each.name(), 1).stream().findFirst().orElse(null);
        out.printf(
                Locale.ROOT,
                "%-32s %-16s complete as at %s%n",
                each.name(),
                each.words(now),
                each.mark() == null ? "no time yet" : each.mark());
        if (last != null) {
            out.printf(
                    Locale.ROOT,
                    "    last run %s, %s, %s: %s%n",
                    last.began(),
                    last.full() ? "everything" : "what changed",
                    words(last),
                    last.counts());
        }
        if (each.cause() != null) {
            out.println("    " + each.cause());
        }
    }

    private static String words(Run run) {
        String end = run.end().name().toLowerCase(Locale.ROOT);
        return run.isOpen()
                ? end + " (" + run.phase().name().toLowerCase(Locale.ROOT).replace('_', ' ') + ")"
                : end;
    }
}
