package miroir.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import miroir.index.store.ContractFields;
import miroir.index.store.ContractStore;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion.Origin;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.jspecify.annotations.Nullable;

/** A small database in the first format, which is kept in {@code formats/1}, and what it has to become; the file README beside it says how it came to be. */
final class FirstFormat {
    /** Those that have no version, but say what somebody of that time knew. */
    private static final List<String> OTHERS = List.of(
            "miroir_counters", "miroir_secrets", "miroir_jobs", "miroir_state", "miroir_floors", "miroir_token_uses");

    static final List<String> TYPES = List.of("Organization", "Practitioner");

    /** What was put where a deletion was. */
    private static final Set<String> RETURNED = Set.of("back/3", "twice/3", "twice/6", "half/3");

    private FirstFormat() {}

    /** Puts it where nothing is, as a restore without indexes does. */
    static void restore(TestDatabase database) {
        OpenStores.inside(database, inside -> {
            for (String type : TYPES) {
                for (String name : List.of(type, StoreDatabase.historyName(type))) {
                    inside.createCollection(name);
                    OpenStores.documents(inside, name).insertMany(documents(name));
                }
            }
            OTHERS.forEach(name -> OpenStores.documents(inside, name).insertMany(documents(name)));
        });
    }

    /** As they are kept. */
    static List<BsonDocument> documents(String collection) {
        try (InputStream kept = FirstFormat.class.getResourceAsStream("/formats/1/" + collection + ".json")) {
            return new String(Objects.requireNonNull(kept, collection).readAllBytes(), UTF_8)
                    .lines()
                    .map(BsonDocument::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What the Miroir of today would have stored of the same versions, by id.
     *
     * @param number of what is searched
     */
    static Map<BsonValue, BsonDocument> today(String collection, String type, long number) {
        Map<BsonValue, BsonDocument> expected = new HashMap<>();
        documents(collection).forEach(document -> expected.put(document.get("_id"), today(document, type, number)));
        return expected;
    }

    private static BsonDocument today(BsonDocument document, String type, long number) {
        ResourceKey key = new ResourceKey(type, HistoryIds.ofEither(document).getValue());
        long version = document.getInt64("v").getValue();
        Instant from = Instant.ofEpochMilli(document.getDateTime("from").getValue());
        BsonDocument made = new BsonDocument();
        made.putAll(
                document.containsKey("fhir")
                        ? live(document, key, version, from, number)
                        : VersionDocuments.deletion(key, document.getInt64("pn").getValue(), version, from));
        made.put("_id", document.get("_id"));
        BsonDateTime end = end(document, key, version);
        return end == null ? made : made.append("to", end);
    }

    private static BsonDocument live(BsonDocument document, ResourceKey key, long version, Instant from, long number) {
        boolean isNew = version == 1 || RETURNED.contains(key.id() + "/" + version);
        RawBsonDocument fhir = new RawBsonDocument(document.getDocument("fhir"), new BsonDocumentCodec());
        return new VersionDocuments(new ContractFields(), ContractStore.ZONE, number, same -> number)
                .live(new NewVersion(
                        key,
                        new Content(fhir),
                        document.getInt64("n").getValue(),
                        version,
                        isNew ? Origin.PUT_CREATED : Origin.UPDATED,
                        from,
                        null));
    }

    /** Where a kill left it out, it is when the next version began. */
    private static @Nullable BsonDateTime end(BsonDocument document, ResourceKey key, long version) {
        if (!key.id().equals("cut") || version != 2) {
            return document.containsKey("to") ? document.getDateTime("to") : null;
        }
        return documents(key.type()).stream()
                .filter(each -> each.getString("_id").getValue().equals("cut"))
                .map(each -> each.getDateTime("from"))
                .findAny()
                .orElseThrow();
    }
}
