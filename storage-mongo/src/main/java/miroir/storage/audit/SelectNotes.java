package miroir.storage.audit;

import com.mongodb.client.FindIterable;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Sorts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import miroir.index.store.KeptAudit;
import miroir.index.store.KeptAudit.Found;
import miroir.index.store.KeptAudit.Note;
import miroir.index.store.KeptAudit.Question;
import miroir.index.store.NoteId;
import org.bson.BsonBinary;
import org.bson.BsonDocument;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/**
 * Finds notes, each with its outcome.
 *
 * <p>The two are documents of their own, and have the same fields to be found by. By each of the indexes they stand beside each other, since these end with the
 * key, and keys of outcomes follow those of what was asked. So one walk over an index has both, and no join is needed. Only how something
 * ended stands in the outcome alone: what was asked is then fetched by its key. Of which nobody knows how it ended has no document that says so: the walk passes over
 * all others, and gives up after some thousands, with the place where it was.
 */
final class SelectNotes {
    /** How many are passed over on the way to a page. */
    private static final int MOST_PASSED = 20_000;

    /** How much a page has in memory at most, and a note more. */
    private static final int MOST_WEIGHT = 20_000;

    private static final int BATCH = 500;
    private static final long MOST_SECONDS = 10;

    private final MongoCollection<BsonDocument> notes;
    private final Question question;
    private final boolean newestFirst;
    private final @Nullable NoteId after;

    SelectNotes(MongoCollection<BsonDocument> notes, Question question, boolean newestFirst, @Nullable NoteId after) {
        this.notes = notes;
        this.question = question;
        this.newestFirst = newestFirst;
        this.after = after;
    }

    Found select(int most) {
        List<BsonDocument> found = new ArrayList<>();
        BsonDocument latest = null;
        int passed = 0;
        int weight = 0;
        try (MongoCursor<BsonDocument> cursor = cursor()) {
            while (cursor.hasNext()) {
                BsonDocument next = cursor.next();
                if (latest != null && name(latest).equals(name(next))) {
                    latest = together(latest, next);
                    continue;
                }
                if (latest != null) {
                    boolean added = add(latest, found);
                    passed += added ? 0 : 1;
                    weight += added ? weight(latest) : 0;
                    if (found.size() == most || passed == MOST_PASSED || weight > MOST_WEIGHT) {
                        return new Found(whole(found), name(latest));
                    }
                }
                latest = next;
            }
        }
        if (latest != null) {
            add(latest, found);
        }
        return new Found(whole(found), null);
    }

    private boolean add(BsonDocument one, List<BsonDocument> found) {
        boolean wanted = !(question.unknown() && one.containsKey(KeptAudit.OUTCOME));
        return wanted && found.add(one);
    }

    /** Some hundred bytes each; of a bundle there is something about each of its entries. */
    private static int weight(BsonDocument note) {
        return note.values().stream()
                .mapToInt(value -> value.isArray() ? value.asArray().size() : 0)
                .sum();
    }

    private static NoteId name(BsonDocument document) {
        return AuditDocuments.id(document).asked();
    }

    /** What was asked, and then what came of it, in whatever order they were found. */
    private static BsonDocument together(BsonDocument one, BsonDocument other) {
        boolean isOutcome = one.containsKey(KeptAudit.OUTCOME);
        BsonDocument both = (isOutcome ? other : one).clone();
        (isOutcome ? one : other).forEach((field, value) -> {
            if (!field.equals(AuditDocuments.KEY)) {
                both.put(field, value);
            }
        });
        return both;
    }

    /** Outcomes that were found alone with what was asked. */
    private List<Note> whole(List<BsonDocument> found) {
        List<BsonBinary> missing = found.stream()
                .map(AuditDocuments::id)
                .filter(id -> !id.equals(id.asked()))
                .map(id -> AuditDocuments.key(id.asked()))
                .toList();
        Map<NoteId, BsonDocument> asked = new HashMap<>();
        if (!missing.isEmpty()) {
            notes.find(Filters.in(AuditDocuments.KEY, missing))
                    .maxTime(MOST_SECONDS, TimeUnit.SECONDS)
                    .forEach(document -> asked.put(AuditDocuments.id(document), document));
        }
        return found.stream()
                .map(one -> whole(asked.get(name(one)), one))
                .map(AuditDocuments::note)
                .map(note -> new Note(note.id().asked(), note.content()))
                .toList();
    }

    private static BsonDocument whole(@Nullable BsonDocument asked, BsonDocument found) {
        return asked == null ? found : together(asked, found);
    }

    private MongoCursor<BsonDocument> cursor() {
        FindIterable<BsonDocument> found = notes.find(filter())
                .sort(newestFirst ? Sorts.descending(AuditDocuments.KEY) : Sorts.ascending(AuditDocuments.KEY))
                .batchSize(BATCH)
                .maxTime(MOST_SECONDS, TimeUnit.SECONDS);
        return found.iterator();
    }

    private Bson filter() {
        List<Bson> all = new ArrayList<>();
        Instant from = question.from();
        Instant to = question.to();
        if (from != null) {
            all.add(Filters.gte(AuditDocuments.KEY, AuditDocuments.key(NoteId.firstOf(from))));
        }
        if (to != null) {
            all.add(Filters.lt(AuditDocuments.KEY, AuditDocuments.key(NoteId.firstOf(to))));
        }
        if (after != null) {
            all.add(
                    newestFirst
                            ? Filters.lt(AuditDocuments.KEY, AuditDocuments.key(after.asked()))
                            : Filters.gt(AuditDocuments.KEY, AuditDocuments.key(after.outcome())));
        }
        question.values().forEach((field, values) -> all.add(Filters.in(field, values)));
        return all.isEmpty() ? new BsonDocument() : Filters.and(all);
    }
}
