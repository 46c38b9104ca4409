package miroir.storage;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDecimal128;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.types.Decimal128;

/** Many practitioners with frequent and rare values, written past the protocol, which is not what they are for. */
final class SamplePractitioners {
    static final Instant FIRST = Instant.parse("2024-01-01T00:00:00Z");
    static final int SECONDS_APART = 60;
    static final LocalDate FIRST_BIRTH = LocalDate.of(1930, 1, 1);
    static final int BIRTH_DAYS = 25_000;
    private static final int DELETED_AT = 1_000_000;
    private static final List<String> SYLLABLES = List.of(
            "mar", "tin", "du", "rand", "le", "ro", "ber", "na", "dette", "pe", "tit", "mo", "reau", "si", "mon", "lau",
            "rent", "gar", "cia", "da", "vid", "fon", "taine", "che", "va", "lier", "ro", "bin", "mas", "son");

    private final Random random;
    private final Random weights;
    private final VersionDocuments documents = Numbers.documents();

    SamplePractitioners(long seed) {
        this.random = new Random(seed);
        this.weights = new Random(seed + 1);
    }

    void load(StoreDatabase database, int count) {
        List<RawBsonDocument> batch = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            batch.add(practitioner(i));
            if (batch.size() == 1_000 || i == count) {
                database.current("Practitioner").insertMany(batch);
                batch.clear();
            }
        }
    }

    /** What is left of others that were there before, whose ids all stand before those of the ones that are. */
    void loadDeletions(StoreDatabase database, int count) {
        database.current("Practitioner")
                .insertMany(IntStream.rangeClosed(1, count)
                        .mapToObj(i -> VersionDocuments.deletion(
                                new ResourceKey("Practitioner", "p-0-" + i),
                                DELETED_AT + i,
                                2,
                                FIRST.minusSeconds((long) i * SECONDS_APART)))
                        .toList());
    }

    private RawBsonDocument practitioner(int i) {
        ResourceKey key = new ResourceKey("Practitioner", "p-" + i);
        Content content = new Content(new RawBsonDocument(resource(i), new BsonDocumentCodec()));
        Instant from = FIRST.plusSeconds((long) i * SECONDS_APART);
        return documents.live(new NewVersion(key, content, i, 1, ResourceVersion.Origin.PUT_CREATED, from, null));
    }

    private BsonDocument resource(int i) {
        BsonDocument identifier =
                new BsonDocument("system", new BsonString("urn:rpps")).append("value", new BsonString("id" + i));
        return new BsonDocument("resourceType", new BsonString("Practitioner"))
                .append("id", new BsonString("p-" + i))
                .append("identifier", new BsonArray(List.of(identifier)))
                .append("active", BsonBoolean.valueOf(random.nextInt(10) > 0))
                .append("name", new BsonArray(List.of(new BsonString(name()), new BsonString(name()))))
                .append(
                        "birthDate",
                        new BsonArray(List.of(new BsonString(
                                FIRST_BIRTH.plusDays(random.nextInt(BIRTH_DAYS)).toString()))))
                .append("weight", new BsonDecimal128(Decimal128.parse(weights.nextInt(100_000) + "E-2")))
                .append("url", new BsonString("http://place/" + random.nextInt(100) + "/x"))
                .append(
                        "partOf",
                        new BsonDocument("reference", new BsonString("Organization/o" + random.nextInt(200))));
    }

    private String name() {
        StringBuilder name = new StringBuilder();
        for (int i = 2 + random.nextInt(3); i > 0; i--) {
            name.append(SYLLABLES.get(random.nextInt(SYLLABLES.size())));
        }
        return Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }
}
