package miroir.sync;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.BooleanSupplier;
import miroir.storage.sync.Definition;
import miroir.sync.daemon.SyncParts;
import miroir.sync.run.CheckCopy;
import miroir.sync.run.RunSettings;

/** Says how copies differ from where they come from. */
final class CheckReport {
    private final SyncParts parts;
    private final RunSettings settings;
    private final PrintStream out;

    CheckReport(SyncParts parts, RunSettings settings, PrintStream out) {
        this.parts = parts;
        this.settings = settings;
        this.out = out;
    }

    /** Compares and prints; true where nothing differs. */
    boolean print(List<Definition> definitions, boolean complete, int sample, BooleanSupplier stopped) {
        boolean equal = true;
        for (Definition definition : definitions) {
            CheckCopy check = new CheckCopy(
                    definition,
                    parts.register().find(definition.name()).orElse(null),
                    rejected(definition),
                    parts.upstream(definition),
                    parts.mirrored(),
                    parts.reader(definition),
                    settings,
                    stopped);
            CheckCopy.Report report = complete ? check.complete() : check.sample(sample, new Random());
            equal &= report.isEqual();
            out.printf(
                    Locale.ROOT,
                    "%-32s %s: %,d there, %,d here, %,d compared, %,d differ%s%s%n",
                    definition.name(),
                    report.isEqual() ? "equal" : "DIFFERS",
                    report.there(),
                    report.here(),
                    report.compared(),
                    report.differences(),
                    report.behind() == 0
                            ? ""
                            : String.format(
                                    Locale.ROOT,
                                    "; %,d changed or gone there since, for the next run",
                                    report.behind()),
                    report.leftOut() == 0
                            ? ""
                            : String.format(Locale.ROOT, "; %,d erased here, or cannot be stored", report.leftOut()));
            report.named().forEach(difference -> out.println("    " + difference));
        }
        return equal;
    }

    private long rejected(Definition definition) {
        return parts.register()
                .lastThatRejected(definition.name())
                .map(run -> run.counts().rejected())
                .orElse(0L);
    }
}
