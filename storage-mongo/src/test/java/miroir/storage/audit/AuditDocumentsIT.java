package miroir.storage.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import miroir.index.store.KeptAudit;
import miroir.index.store.KeptAudit.Found;
import miroir.index.store.KeptAudit.Note;
import miroir.index.store.KeptAudit.Question;
import miroir.index.store.NoteId;
import miroir.storage.MongoStoreSettings;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(MongoExtension.class)
final class AuditDocumentsIT {
    private static final Question ALL = new Question(null, null, Map.of(), false);

    private AuditDocuments documents;
    private MongoClient client;
    private MongoCollection<Document> collection;

    @BeforeEach
    void open(TestDatabase database) {
        documents = AuditDocuments.open(MongoStoreSettings.of(database.uri(), database.name(), Set.of("Device")));
        client = MongoClients.create(database.uri());
        collection = client.getDatabase(database.name()).getCollection("miroir_audit");
        collection.drop();
    }

    @AfterEach
    void close() {
        client.close();
        documents.close();
    }

    private static Note asked(Instant at, String who) {
        return new Note(
                NoteId.make(at),
                new BsonDocument(KeptAudit.WHO, new BsonString(who)).append("address", new BsonString("here")));
    }

    private static Note outcome(Note asked, String outcome) {
        return new Note(
                asked.id().outcome(),
                new BsonDocument(KeptAudit.WHO, asked.content().get(KeptAudit.WHO))
                        .append(KeptAudit.OUTCOME, new BsonString(outcome)));
    }

    private List<Note> all(Question question, boolean newestFirst, int most) {
        List<Note> all = new ArrayList<>();
        NoteId after = null;
        do {
            Found found = documents.find(question, newestFirst, after, most);
            assertThat(found.notes()).hasSizeLessThanOrEqualTo(most);
            all.addAll(found.notes());
            after = found.next();
        } while (after != null);
        return all;
    }

    private static Question with(String field, String value) {
        return new Question(null, null, Map.of(field, List.of(value)), false);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 100})
    void find_inPages_hasEachNoteOnceWithItsOutcome(int most) {
        List<NoteId> ids = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            Note asked = asked(Instant.now(), i % 2 == 0 ? "even" : "odd");
            ids.add(asked.id());
            documents.append(List.of(asked));
            if (i != 3) {
                documents.append(List.of(outcome(asked, i < 2 ? "refused" : "success")));
            }
        }

        List<Note> oldestFirst = all(ALL, false, most);
        assertThat(oldestFirst).extracting(Note::id).containsExactlyElementsOf(ids);
        assertThat(oldestFirst).allMatch(note -> note.content().containsKey("address"));
        assertThat(oldestFirst.get(3).content()).doesNotContainKey(KeptAudit.OUTCOME);
        assertThat(oldestFirst.get(4).content()).containsEntry(KeptAudit.OUTCOME, new BsonString("success"));
        List<NoteId> backwards = new ArrayList<>(ids);
        Collections.reverse(backwards);
        assertThat(all(ALL, true, most)).extracting(Note::id).containsExactlyElementsOf(backwards);
        assertThat(all(with(KeptAudit.WHO, "odd"), true, most))
                .extracting(Note::id)
                .containsExactly(ids.get(5), ids.get(3), ids.get(1));
        List<Note> refused = all(with(KeptAudit.OUTCOME, "refused"), false, most);
        assertThat(refused).extracting(Note::id).containsExactly(ids.get(0), ids.get(1));
        assertThat(refused).allMatch(note -> note.content().containsKey("address"));
        assertThat(all(new Question(null, null, Map.of(), true), true, most))
                .extracting(Note::id)
                .containsExactly(ids.get(3));
    }

    @Test
    void find_betweenInstants_hasTheFirstAndNotTheLast() {
        Instant noon = Instant.parse("2040-01-01T12:00:00Z");
        Note before = asked(noon.minusMillis(1), "a");
        Note at = asked(noon, "a");
        Note after = asked(noon.plusMillis(1), "a");
        documents.append(List.of(after, at, before));

        assertThat(all(new Question(noon, noon.plusMillis(1), Map.of(), false), true, 10))
                .extracting(Note::id)
                .containsExactly(at.id());
        assertThat(at.id().at()).isEqualTo(noon);
    }

    @Test
    void append_again_changesNothing() {
        Note note = asked(Instant.now(), "first");
        documents.append(List.of(note));
        documents.append(List.of(new Note(note.id(), new BsonDocument()), asked(Instant.now(), "second")));

        assertThat(all(ALL, false, 10))
                .extracting(each -> each.content().getString(KeptAudit.WHO).getValue())
                .containsExactly("first", "second");
    }

    @Test
    void prepare_withAnotherRetention_changesTheIndex() {
        documents.prepare(Duration.ofDays(3));
        assertThat(expiry()).isEqualTo(Duration.ofDays(3).toSeconds());
        documents.prepare(Duration.ofDays(400));
        assertThat(expiry()).isEqualTo(Duration.ofDays(400).toSeconds());
        documents.prepare(null);
        assertThat(expiry()).isNull();
        documents.prepare(Duration.ofDays(1));
        assertThat(expiry()).isEqualTo(Duration.ofDays(1).toSeconds());
    }

    private @Nullable Long expiry() {
        for (Document index : collection.listIndexes()) {
            if (index.get("key", Document.class).containsKey("at")) {
                return index.get("expireAfterSeconds", Number.class).longValue();
            }
        }
        return null;
    }

    /** Whatever is asked for. */
    @Test
    void find_byEachField_isByAnIndex() {
        documents.prepare(Duration.ofDays(1));
        for (int i = 0; i < 50; i++) {
            documents.append(List.of(asked(Instant.now(), "somebody-" + i)));
        }
        for (String field :
                List.of(KeptAudit.WHO, KeptAudit.INTERACTION, KeptAudit.TYPE, KeptAudit.ID, KeptAudit.OUTCOME)) {
            Bson filter = Filters.in(field, "somebody-7");
            Document plan =
                    collection.find(filter).sort(new Document("_id", -1)).explain();
            assertThat(plan.toJson()).as(field).contains("\"" + field + "_1__id_1\"");
            assertThat(plan.toJson()).as(field).doesNotContain("COLLSCAN", "\"stage\": \"SORT\"");
        }
    }
}
