package miroir.storage.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * All versions of all resources of a type, as they stand in the database, to be held against what the write protocol
 * promises. A version that a crash left in history while it is still current counts once.
 */
public final class VersionChains {
    private final Map<String, NavigableMap<Long, BsonDocument>> chains = new TreeMap<>();
    private final List<Long> positions = new ArrayList<>();

    private VersionChains() {}

    /** Reads everything of a type. */
    public static VersionChains read(TestDatabase database, String type) {
        VersionChains read = new VersionChains();
        try (MongoClient client = MongoClients.create(database.uri())) {
            MongoDatabase inside = client.getDatabase(database.name());
            inside.getCollection(type + "_history", BsonDocument.class)
                    .find()
                    .forEach(old -> read.chain(
                                    old.getDocument("_id").getString("id").getValue())
                            .put(old.getInt64("v").getValue(), old));
            inside.getCollection(type, BsonDocument.class).find().forEach(read::addCurrent);
        }
        return read;
    }

    private void addCurrent(BsonDocument current) {
        NavigableMap<Long, BsonDocument> chain = chain(current.getString("_id").getValue());
        chain.put(current.getInt64("v").getValue(), current);
        positions.add(current.getInt64(current.containsKey("n") ? "n" : "pn").getValue());
    }

    private NavigableMap<Long, BsonDocument> chain(String id) {
        return Objects.requireNonNull(chains.computeIfAbsent(id, each -> new TreeMap<>()));
    }

    /** How many versions there are. */
    public long versions() {
        return chains.values().stream().mapToLong(Map::size).sum();
    }

    /** How many superseded versions do not say until when they held. */
    public long withoutEnd() {
        return chains.values().stream()
                .flatMap(chain -> chain.headMap(chain.lastKey()).values().stream())
                .filter(document -> !document.containsKey("to"))
                .count();
    }

    /** Versions 1, 2, 3 … without a gap; each begins after the one before; the newest is the one that is current. */
    public void checkGapless(String run) {
        assertThat(positions).as(run).doesNotHaveDuplicates();
        chains.forEach((id, chain) -> {
            assertThat(chain.firstKey()).as("%s: first version of %s", run, id).isEqualTo(1);
            assertThat(chain.lastKey()).as("%s: gaps in %s", run, id).isEqualTo(chain.size());
            assertThat(chain.lastEntry().getValue().isString("_id"))
                    .as("%s: current of %s", run, id)
                    .isTrue();
            chain.forEach((version, document) -> checkBefore(run + ": " + id, document, chain.get(version + 1)));
        });
    }

    private static void checkBefore(String what, BsonDocument document, @Nullable BsonDocument next) {
        if (next != null) {
            assertThat(document.getDateTime("from").getValue())
                    .as(what)
                    .isLessThan(next.getDateTime("from").getValue());
            assertThat(document.getOrDefault("to", next.get("from")))
                    .as("%s: end of version %s", what, document.get("v"))
                    .isEqualTo(next.get("from"));
        }
    }

    /** That this version is there, with content that has this text in it, or as a deletion where it is null. */
    public void checkKept(String run, String id, long version, @Nullable String text) {
        BsonDocument kept = chains.getOrDefault(id, new TreeMap<>()).getOrDefault(version, new BsonDocument());
        assertThat(kept)
                .as("%s: acknowledged version %d of %s", run, version, id)
                .isNotEmpty();
        if (text == null) {
            assertThat(kept.containsKey("deleted"))
                    .as("%s: version %d of %s is a deletion", run, version, id)
                    .isTrue();
        } else {
            assertThat(kept.getDocument("fhir").toJson())
                    .as("%s: version %d of %s", run, version, id)
                    .contains(text);
        }
    }
}
