package miroir.sync.state;

import java.time.Instant;
import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * A definition and how it is.
 *
 * @param cause why it is KO, and what to do
 * @param mark where the next delta begins; null: no run was ever complete
 * @param lastFull the mark of the last complete full pass
 * @param lastStart when the last run began, by our clock
 * @param run the run to go on with
 * @param confirmed the run that a person allowed to remove what it found
 * @param formerly where its source was before it moved; null once everything was read at its present address
 * @param origin where the definition comes from: {@link #FILE}, or whoever else wrote it down
 */
public record Synchronisation(
        Definition definition,
        State state,
        @Nullable String cause,
        @Nullable Instant mark,
        @Nullable Instant lastFull,
        @Nullable Instant lastStart,
        @Nullable String run,
        @Nullable String confirmed,
        boolean wanted,
        boolean wantedFull,
        @Nullable String formerly,
        String origin) {
    /** The configuration file. What comes from elsewhere is nothing that a file could forget. */
    static final String FILE = "file";

    /** As people see it. */
    public enum State {
        OK,
        KO,
        STOP
    }

    public String name() {
        return definition.name();
    }

    public boolean isFromFile() {
        return origin.equals(FILE);
    }

    /** Whether anything was ever asked for. */
    boolean hasBegun() {
        return run != null || mark != null;
    }

    /** When it is due: at once if it is wanted or never ran. */
    public Instant due() {
        return wanted || lastStart == null
                ? Instant.EPOCH
                : definition.schedule().after(lastStart);
    }

    static Synchronisation of(BsonDocument document) {
        String name = document.getString("_id").getValue();
        return new Synchronisation(
                Definition.of(name, document.getDocument("definition", new BsonDocument())),
                State.valueOf(Fields.text(document, "state", "OK")),
                Fields.text(document, "cause"),
                Fields.instant(document, "mark"),
                Fields.instant(document, "lastFull"),
                Fields.instant(document, "lastStart"),
                Fields.text(document, "run"),
                Fields.text(document, "confirmed"),
                Fields.flag(document, "wanted"),
                Fields.flag(document, "wantedFull"),
                Fields.text(document, "formerly"),
                Fields.text(document, "origin", FILE));
    }
}
