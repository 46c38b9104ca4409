package miroir.sync.daemon;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import miroir.sync.run.Progress;

/** Shows how far runs are: bars that are drawn anew where a person looks on, and otherwise a line a minute. */
public final class ProgressLines implements AutoCloseable {
    private static final int WIDTH = 24;

    private final Supplier<List<Progress>> runs;
    private final PrintStream out;
    private final boolean terminal;
    private final Duration every;
    private final Thread thread = new Thread(this::showOn, "progress");
    private int drawn;

    public ProgressLines(Supplier<List<Progress>> runs, PrintStream out, boolean terminal) {
        this(runs, out, terminal, every(terminal));
    }

    ProgressLines(Supplier<List<Progress>> runs, PrintStream out, boolean terminal, Duration every) {
        this.runs = runs;
        this.out = out;
        this.terminal = terminal;
        this.every = every;
        thread.setDaemon(true);
    }

    /** Begins to show. */
    public ProgressLines start() {
        thread.start();
        return this;
    }

    @Override
    public void close() {
        thread.interrupt();
        if (terminal) {
            show();
        }
    }

    private void showOn() {
        try {
            while (true) {
                TimeUnit.NANOSECONDS.sleep(every.toNanos());
                show();
            }
        } catch (InterruptedException e) {
            // shown for the last time by who closes it
        }
    }

    static Duration every(boolean terminal) {
        return terminal ? Duration.ofSeconds(1) : Duration.ofMinutes(1);
    }

    private synchronized void show() {
        List<Progress> now = runs.get();
        if (terminal && drawn > 0) {
            out.print("\u001b[" + drawn + "F\u001b[J");
        }
        now.forEach(progress -> out.println(shown(line(progress, terminal))));
        out.flush();
        drawn = now.size();
    }

    /** A line that a narrow terminal breaks in two would not be found again by going up one: it is cut off there instead. */
    private String shown(String line) {
        return terminal ? "\u001b[?7l" + line + "\u001b[?7h" : line;
    }

    /** One line about a run. */
    static String line(Progress progress, boolean bar) {
        long total = progress.total();
        double share = total == 0 ? 0 : (double) progress.read() / total;
        String drawn =
                bar ? "[" + "#".repeat((int) (share * WIDTH)) + ".".repeat(WIDTH - (int) (share * WIDTH)) + "] " : "";
        return String.format(
                Locale.ROOT,
                "%-32s %s%3d %% of %,d, %,.0f/s, %s%s",
                progress.synchronisation(),
                drawn,
                (int) (share * 100),
                total,
                progress.rate(),
                progress.phase().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                progress.left().map(left -> ", " + words(left) + " left").orElse(""));
    }

    private static String words(Duration left) {
        return left.toHours() > 0
                ? left.toHours() + " h " + left.toMinutesPart() + " min"
                : left.toMinutes() > 0
                        ? left.toMinutes() + " min " + left.toSecondsPart() + " s"
                        : left.toSeconds() + " s";
    }
}
