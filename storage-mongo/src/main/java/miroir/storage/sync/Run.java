package miroir.storage.sync;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * One pass over what a synchronisation copies, and its checkpoint: whoever goes on with it reads the windows that are left.
 *
 * @param full whether everything is read, not only what changed
 * @param reason why it is a full one
 * @param mark the upstream's clock at its first page, from which the next delta begins
 * @param phases when it went into each, in order; of a run that an earlier version began, none or not all
 * @param windows those that are not complete yet
 * @param total how many resources all windows held when they were counted
 * @param failures how often it failed
 * @param why why it failed, or what a person has to look at; null where there is nothing
 * @param shown how far it was when its process said so last; null where it did not
 * @param log the last of what it said
 */
public record Run(
        String id,
        String synchronisation,
        boolean full,
        String reason,
        Phase phase,
        List<Entered> phases,
        End end,
        Instant mark,
        List<Piece> windows,
        long total,
        long failures,
        Counts counts,
        Instant began,
        @Nullable Instant ended,
        @Nullable Cause why,
        List<Rejection> rejections,
        @Nullable Shown shown,
        List<LogLine> log) {
    static final String LOG = "log";
    static final String PHASES = "phases";

    /** How far it is. */
    public enum Phase {
        /** The windows are not cut yet. */
        COUNTING,
        READING,
        /** A full pass is read; what changed meanwhile is cut. */
        COUNTING_AGAIN,
        /** What changed meanwhile is read. */
        READING_AGAIN,
        /** What was not seen is removed. */
        SWEEPING
    }

    /** When it went into a phase. */
    public record Entered(Phase phase, Instant at) {
        BsonDocument document() {
            return new Fields().text("phase", spelt(phase)).instant("at", at).document();
        }

        static Entered of(BsonDocument document) {
            return new Entered(
                    Phase.valueOf(constant(Fields.text(document, "phase", "counting"))),
                    known(Fields.instant(document, "at")));
        }
    }

    /** What became of it. */
    public enum End {
        RUNNING,
        /** Stopped by somebody; goes on when it is started. */
        STOPPED,
        /** It failed, and is tried again from its checkpoint. */
        FAILED,
        /** It is complete but for what it would remove, which is more than it may: that waits for a person. */
        WAITING,
        DONE,
        /** Nobody goes on with it: it was too old, or something else was wanted. */
        ABANDONED;

        boolean isOpen() {
            return this == RUNNING || this == STOPPED || this == FAILED;
        }
    }

    /**
     * How far a run is, as the process that does it sees it.
     *
     * @param read how many resources were read, of those that the windows held
     * @param rate how many in a second
     */
    public record Shown(long read, double rate, Instant at) {
        static @Nullable Shown of(BsonDocument run) {
            if (!run.isDocument("progress")) {
                return null;
            }
            BsonDocument progress = run.getDocument("progress");
            return new Shown(
                    Fields.number(progress, "read"),
                    Fields.fraction(progress, "rate", 0),
                    known(Fields.instant(progress, "at")));
        }
    }

    public Run {
        phases = List.copyOf(phases);
        windows = List.copyOf(windows);
        rejections = List.copyOf(rejections);
        log = List.copyOf(log);
    }

    /** A run that has just begun. */
    public static Run begun(String id, String synchronisation, boolean full, String reason, Instant mark, Instant now) {
        return new Run(
                id,
                synchronisation,
                full,
                reason,
                Phase.COUNTING,
                List.of(new Entered(Phase.COUNTING, now)),
                End.RUNNING,
                mark,
                List.of(),
                0,
                0,
                Counts.NONE,
                now,
                null,
                null,
                List.of(),
                null,
                List.of());
    }

    /** Why it failed, or what a person has to look at, in English. */
    public @Nullable String cause() {
        return why == null ? null : why.text();
    }

    /** How many of all it has read, as far as is known: what is complete, or what its process said last. */
    public long read() {
        long left = windows.stream().mapToLong(Piece::count).sum();
        long complete = Math.max(0, total - left);
        return Math.min(total, shown == null ? complete : Math.max(complete, shown.read()));
    }

    /** Whether somebody should go on with it. */
    public boolean isOpen() {
        return end.isOpen();
    }

    /** Whether it was cut off by the end of a process, or of its lease, and not by a failure of its own. */
    public boolean isCutOff() {
        return end == End.RUNNING || end == End.STOPPED;
    }

    BsonDocument document() {
        return new Fields()
                .text("synchronisation", synchronisation)
                .flag("full", full)
                .text("reason", reason)
                .text("phase", spelt(phase))
                .value(
                        PHASES,
                        new BsonArray(phases.stream().map(Entered::document).toList()))
                .text("end", spelt(end))
                .instant("mark", mark)
                .value("windows", pieces(windows))
                .number("total", total)
                .value("counts", counts.document())
                .instant("began", began)
                .instant("ended", ended)
                .cause("cause", why)
                .document();
    }

    static Run of(BsonDocument document) {
        return new Run(
                document.getString("_id").getValue(),
                Fields.text(document, "synchronisation", ""),
                Fields.flag(document, "full"),
                Fields.text(document, "reason", ""),
                Phase.valueOf(constant(Fields.text(document, "phase", "counting"))),
                all(document, PHASES, Entered::of),
                End.valueOf(constant(Fields.text(document, "end", "running"))),
                known(Fields.instant(document, "mark")),
                pieces(document.getArray("windows", new BsonArray())),
                Fields.number(document, "total"),
                Fields.number(document, "failures"),
                Counts.of(document.getDocument("counts", new BsonDocument())),
                known(Fields.instant(document, "began")),
                Fields.instant(document, "ended"),
                Cause.of(document, "cause"),
                all(document, "rejections", Rejection::of),
                Shown.of(document),
                all(document, LOG, LogLine::of));
    }

    private static <T> List<T> all(BsonDocument document, String field, Function<BsonDocument, T> reader) {
        return document.getArray(field, new BsonArray()).stream()
                .map(each -> reader.apply(each.asDocument()))
                .toList();
    }

    static BsonArray pieces(List<Piece> pieces) {
        BsonArray array = new BsonArray();
        pieces.forEach(piece -> array.add(piece(piece)));
        return array;
    }

    static BsonDocument piece(Piece piece) {
        return new Fields()
                .instant("from", piece.window().from())
                .instant("to", piece.window().to())
                .number("count", piece.count())
                .document();
    }

    static String spelt(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String constant(String spelt) {
        return spelt.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private static List<Piece> pieces(BsonArray array) {
        List<Piece> pieces = new ArrayList<>();
        for (BsonValue value : array) {
            BsonDocument piece = value.asDocument();
            Window window = new Window(known(Fields.instant(piece, "from")), known(Fields.instant(piece, "to")));
            pieces.add(new Piece(window, Fields.number(piece, "count")));
        }
        return pieces;
    }

    private static Instant known(@Nullable Instant instant) {
        return instant == null ? Instant.EPOCH : instant;
    }
}
