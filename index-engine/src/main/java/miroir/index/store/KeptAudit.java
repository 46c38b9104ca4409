package miroir.index.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;

/** Where it is kept who did what, for all servers. What is there nobody changes, and it goes when it is old enough. */
public interface KeptAudit extends AutoCloseable {
    /** By whom. */
    String WHO = "who";

    /** What was asked. */
    String INTERACTION = "interaction";

    /** Of which type, or what of the administration. */
    String TYPE = "type";

    /** Of which resource of that type. */
    String ID = "id";

    /** How it ended; where that is not there nobody knows. */
    String OUTCOME = "outcome";

    /**
     * A note, or an outcome.
     *
     * @param content has the fields of this interface, in outcomes too, and whatever else there is to say
     */
    record Note(NoteId id, BsonDocument content) {}

    /**
     * Which notes are looked for.
     *
     * @param from the first instant; null: all before {@code to}
     * @param to the first instant that is not meant any more; null: all since {@code from}
     * @param values by field of this interface, of which one has to be there
     * @param unknown only those of which nobody knows how they ended
     */
    record Question(@Nullable Instant from, @Nullable Instant to, Map<String, List<String>> values, boolean unknown) {
        public Question {
            values = Map.copyOf(values);
        }
    }

    /**
     * A piece of what was found.
     *
     * @param notes with what came of them
     * @param next behind which the rest is; null: there is none
     */
    record Found(List<Note> notes, @Nullable NoteId next) {
        public Found {
            notes = List.copyOf(notes);
        }
    }

    /** Sees to it that notes go after that time, or stay for ever where it is null, and that they are found. */
    void prepare(@Nullable Duration retention);

    /** Adds these. What is there already stays, so that what may have failed can be done again. */
    void append(List<Note> notes);

    /**
     * Finds notes, the oldest or the newest first.
     *
     * @param after behind which to begin; null: at the beginning
     * @param most how many; there may be fewer although there are more, where that would take long
     */
    Found find(Question question, boolean newestFirst, @Nullable NoteId after, int most);

    @Override
    void close();
}
