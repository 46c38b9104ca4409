package miroir.storage.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonNull;
import org.bson.BsonValue;
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

    /** Lets whoever starts next take a job that somebody died with, without waiting for it to become free. */
    public static void giveBackJob(TestDatabase database, String job) {
        try (MongoClient client = MongoClients.create(database.uri())) {
            client.getDatabase(database.name())
                    .getCollection("miroir_jobs", BsonDocument.class)
                    .updateOne(Filters.eq("_id", job), Updates.set("until", new BsonDateTime(0)));
        }
    }

    private void addCurrent(BsonDocument current) {
        NavigableMap<Long, BsonDocument> chain = chain(current.getString("_id").getValue());
        chain.put(current.getInt64("v").getValue(), current);
        positions.add(current.getInt64(current.containsKey("n") ? "n" : "pn").getValue());
    }

    private NavigableMap<Long, BsonDocument> chain(String id) {
        return Objects.requireNonNull(chains.computeIfAbsent(id, each -> new TreeMap<>()));
    }

    /** All versions of a resource, the first one first; none where nobody has written it. */
    public List<BsonDocument> of(String id) {
        return List.copyOf(chains.getOrDefault(id, new TreeMap<>()).values());
    }

    /** How many versions there are. */
    public long versions() {
        return chains.values().stream().mapToLong(Map::size).sum();
    }

    /** All versions, by what comes after the type in their address: {@code p1/_history/1}. */
    public Set<String> names() {
        Set<String> names = new HashSet<>();
        chains.forEach((id, chain) -> chain.keySet().forEach(version -> names.add(id + "/_history/" + version)));
        return names;
    }

    /** Versions that have the content of the one before. */
    public Set<String> unchanged() {
        Set<String> unchanged = new HashSet<>();
        chains.forEach((id, chain) -> {
            BsonValue before = BsonNull.VALUE;
            for (Map.Entry<Long, BsonDocument> version : chain.entrySet()) {
                BsonValue hash = version.getValue().getOrDefault("hash", BsonNull.VALUE);
                if (hash.isBinary() && hash.equals(before)) {
                    unchanged.add(id + "/_history/" + version.getKey());
                }
                before = hash;
            }
        });
        return unchanged;
    }

    /** What the versions that are no deletions hold, by name. */
    public Map<String, BsonDocument> contents() {
        Map<String, BsonDocument> contents = new HashMap<>();
        chains.forEach((id, chain) -> chain.forEach((version, document) -> {
            if (document.containsKey("fhir")) {
                contents.put(id + "/_history/" + version, document.getDocument("fhir"));
            }
        }));
        return contents;
    }

    /** The newest version of every resource that is not deleted. */
    public Map<String, Long> live() {
        Map<String, Long> live = new HashMap<>();
        chains.forEach((id, chain) -> {
            if (!chain.lastEntry().getValue().containsKey("deleted")) {
                live.put(id, chain.lastKey());
            }
        });
        return live;
    }

    /** When the newest version of all began. */
    public Instant latest() {
        return chains.values().stream()
                .map(chain -> chain.lastEntry().getValue().getDateTime("from").getValue())
                .max(Long::compare)
                .map(Instant::ofEpochMilli)
                .orElse(Instant.EPOCH);
    }

    /** How many superseded versions do not say until when they held. */
    public long withoutEnd() {
        return chains.values().stream()
                .flatMap(chain -> chain.headMap(chain.lastKey()).values().stream())
                .filter(document -> !document.containsKey("to"))
                .count();
    }

    /** How many versions are still in history of resources that are erased. */
    public long leftOfErased() {
        return chains.keySet().stream()
                .filter(this::isErased)
                .mapToLong(id -> chain(id).size() - 1)
                .sum();
    }

    /** The newest version of a resource. */
    public long newest(String id) {
        return chain(id).lastKey();
    }

    public boolean isErased(String id) {
        NavigableMap<Long, BsonDocument> chain = chains.getOrDefault(id, new TreeMap<>());
        return !chain.isEmpty() && chain.lastEntry().getValue().containsKey("erased");
    }

    /**
     * Versions 1, 2, 3 … without a gap; each begins after the one before; the newest is the one that is current. Of what is
     * erased only that is left, apart from what a crash kept from being removed, which nobody sees.
     */
    public void checkGapless(String run) {
        assertThat(positions).as(run).doesNotHaveDuplicates();
        chains.forEach((id, chain) -> {
            if (isErased(id)) {
                assertThat(chain.lastEntry().getValue().isString("_id"))
                        .as("%s: erasure of %s is current", run, id)
                        .isTrue();
                return;
            }
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

    /** That this version is current, as an erasure. */
    public void checkErased(String run, String id, long version) {
        assertThat(isErased(id)).as("%s: %s is erased", run, id).isTrue();
        assertThat(newest(id)).as("%s: version of the erasure of %s", run, id).isEqualTo(version);
        assertThat(chain(id).lastEntry().getValue().containsKey("fhir"))
                .as("%s: content of %s", run, id)
                .isFalse();
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
