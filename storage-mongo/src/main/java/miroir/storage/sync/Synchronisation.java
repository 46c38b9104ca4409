package miroir.storage.sync;

import java.time.Duration;
import java.time.Instant;
import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * A definition and how it is.
 *
 * @param stopped whether a person stopped it; whatever a run comes to, it stays stopped until it is started
 * @param ko whether the last run failed, or left something for a person to look at
 * @param why why it is KO, and what to do
 * @param mark where the next delta begins; null: no run was ever complete
 * @param lastFull the mark of the last complete full pass
 * @param firstStart when the first run began, by our clock
 * @param completed when the last run that was complete ended, by our clock
 * @param lastStart when the last run began, by our clock
 * @param failed when the last attempt failed, by our clock; null where none has since the last one began
 * @param run the run to go on with
 * @param held what the guard held back
 * @param putOff a full pass that cannot end, beside which deltas go on
 * @param complaint what a complete run left for a person to look at; only a full pass takes it back
 * @param confirmed the run of what is held back and may be removed, for a person said so
 * @param wanted whether it is to run now
 * @param fullBecause why the next run must read everything; null: it need not
 * @param origin where the definition comes from: {@link #FILE}, or whoever else wrote it down
 */
public record Synchronisation(
        Definition definition,
        boolean stopped,
        boolean ko,
        @Nullable Cause why,
        @Nullable Instant mark,
        @Nullable Instant lastFull,
        @Nullable Instant firstStart,
        @Nullable Instant completed,
        @Nullable Instant lastStart,
        @Nullable Instant failed,
        @Nullable String run,
        @Nullable Held held,
        @Nullable PutOff putOff,
        @Nullable Cause complaint,
        @Nullable String confirmed,
        boolean wanted,
        @Nullable String fullBecause,
        String origin) {
    /** The configuration file. What comes from elsewhere is nothing that a file could forget. */
    public static final String FILE = "file";

    /** Whoever administers, by the console or the admin API. */
    public static final String CONSOLE = "console";

    /** As people see it. */
    public enum State {
        OK,
        KO,
        STOP
    }

    public String name() {
        return definition.name();
    }

    /** Why it is KO, in English. */
    public @Nullable String cause() {
        return why == null ? null : why.text();
    }

    public boolean isFromFile() {
        return origin.equals(FILE);
    }

    /** Whether anything was ever asked for. */
    public boolean hasBegun() {
        return run != null || mark != null || held != null;
    }

    public State state() {
        return stopped ? State.STOP : ko ? State.KO : State.OK;
    }

    /** Whether a person allowed what is held back. */
    public boolean isReleased() {
        return held != null && held.run().equals(confirmed);
    }

    /** Whether it waits for a person to allow what is held back: not where it failed since then, or a full pass is put off. */
    public boolean isToConfirm() {
        return state() == State.KO
                && held != null
                && why != null
                && held.why().text().equals(why.text());
    }

    /**
     * When it is due: at once if it is wanted or never ran; what failed, and what was put off, also before its time.
     *
     * @param retry how long after a failure
     */
    public Instant due(Duration retry) {
        if (wanted) {
            return Instant.EPOCH;
        }
        if (failed != null) {
            return earlier(failed.plus(retry), definition.schedule().after(failed));
        }
        Instant scheduled =
                lastStart == null ? Instant.EPOCH : definition.schedule().after(lastStart);
        return putOff == null ? scheduled : earlier(putOff.until(), scheduled);
    }

    /**
     * Whether two of its times have passed since a run was complete, or since the first one began: it runs, and never comes to its end, or
     * does not run. By our clock, as times are.
     */
    public boolean isLate(Instant now) {
        return !stopped && isOverdue(now);
    }

    /** The same where a person stopped it as well: the copy is old all the same. */
    public boolean isOverdue(Instant now) {
        Instant since = completed != null ? completed : mark != null ? mark : firstStart;
        Schedule schedule = definition.schedule();
        return since != null && schedule.after(schedule.after(since)).isBefore(now);
    }

    /** How it is, in a few words: the state, and what follows from the rest. */
    public String words(Instant now) {
        return state() + (lastStart == null ? " never run" : "") + (isLate(now) ? " late" : "");
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    static Synchronisation of(BsonDocument document) {
        String name = document.getString("_id").getValue();
        return new Synchronisation(
                Definition.of(name, document.getDocument("definition", new BsonDocument())),
                Fields.flag(document, "stopped"),
                State.valueOf(Fields.text(document, "state", "OK")) == State.KO,
                Cause.of(document, "cause"),
                Fields.instant(document, "mark"),
                Fields.instant(document, "lastFull"),
                Fields.instant(document, "firstStart"),
                Fields.instant(document, "completed"),
                Fields.instant(document, "lastStart"),
                Fields.instant(document, "failed"),
                Fields.text(document, "run"),
                Held.of(document),
                PutOff.of(document),
                Cause.of(document, "complaint"),
                Fields.text(document, "confirmed"),
                Fields.flag(document, "wanted"),
                Fields.text(document, "fullBecause"),
                Fields.text(document, "origin", FILE));
    }
}
