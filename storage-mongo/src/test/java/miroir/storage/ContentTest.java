package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDecimal128;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.types.Decimal128;
import org.junit.jupiter.api.Test;

final class ContentTest {
    private static final long SEED = Long.getLong("miroir.seed", System.nanoTime());

    @Test
    void complete_noMeta_comesAfterTheId() {
        RawBsonDocument completed =
                content("{resourceType: 'A', id: 'i', x: 1}").complete(3, "now");

        assertThat(completed)
                .isEqualTo(BsonDocument.parse(
                        "{resourceType: 'A', id: 'i', meta: {versionId: '3', lastUpdated: 'now'}, x: 1}"));
        assertThat(completed.keySet()).containsExactly("resourceType", "id", "meta", "x");
    }

    @Test
    void complete_nothingButOwnedElements_replacesThem() {
        assertThat(content("{id: 'i', meta: {lastUpdated: 'then', versionId: '1'}}")
                        .complete(2, "now")
                        .toJson())
                .isEqualTo("{\"id\": \"i\", \"meta\": {\"versionId\": \"2\", \"lastUpdated\": \"now\"}}");
    }

    @Test
    void complete_metaOfContainedResource_isLeftAlone() {
        RawBsonDocument completed = content(
                        "{id: 'i', contained: [{id: 'c', meta: {versionId: '9'}}], x: {meta: {a: 1}}}")
                .complete(2, "now");

        assertThat(completed.getArray("contained").get(0))
                .isEqualTo(BsonDocument.parse("{id: 'c', meta: {versionId: '9'}}"));
        assertThat(completed.getDocument("x")).isEqualTo(BsonDocument.parse("{meta: {a: 1}}"));
    }

    @Test
    void complete_sliceOfALargerDocument_isCutOutOfIt() {
        RawBsonDocument inner = (RawBsonDocument) RawBsonDocument.parse("{before: 1, fhir: {id: 'i', x: 1}, after: 2}")
                .getDocument("fhir");

        assertThat(new Content(inner).complete(1, "now").keySet()).containsExactly("id", "meta", "x");
    }

    @Test
    void hash_ownedElementsAlone_doNotMatter() {
        String content = "{id: 'i', meta: {versionId: '1', lastUpdated: 'x', source: 's'}, x: 1}";

        assertThat(content(content).hash())
                .isEqualTo(content("{id: 'i', meta: {source: 's'}, x: 1}").hash());
        assertThat(content("{id: 'i', meta: {versionId: '1'}, x: 1}").hash())
                .isEqualTo(content("{id: 'i', x: 1}").hash());
        assertThat(content("{id: 'i', meta: {source: 't'}, x: 1}").hash())
                .isNotEqualTo(content(content).hash());
    }

    @Test
    void hash_smallestDifferences_matter() {
        List<BsonValue> hashes = new ArrayList<>();
        for (String each : List.of(
                "{id: 'i', x: 1}",
                "{id: 'i', x: '1'}",
                "{id: 'i', x: {$numberDecimal: '1.0'}}",
                "{id: 'i', x: {$numberDecimal: '1.00'}}",
                "{id: 'i', y: 1}",
                "{x: 1, id: 'i'}",
                "{id: 'i', meta: {x: 1}}",
                "{id: 'i', metb: {x: 1}}")) {
            hashes.add(content(each).hash());
        }

        assertThat(hashes).doesNotHaveDuplicates();
        assertThat(hashes)
                .allSatisfy(hash -> assertThat(hash.asBinary().getData()).hasSize(16));
    }

    @Test
    void complete_anyResource_isWhatAModelWouldMakeOfItAndHasTheSameHash() {
        Random random = new Random(SEED);
        for (int i = 0; i < 500; i++) {
            BsonDocument resource = resource(random);
            RawBsonDocument raw = new RawBsonDocument(resource, new BsonDocumentCodec());
            RawBsonDocument completed = new Content(raw).complete(7, "now");

            assertThat(completed.toJson())
                    .as("seed %d", SEED)
                    .isEqualTo(model(resource).toJson());
            assertThat(new Content(completed).hash()).as("seed %d", SEED).isEqualTo(new Content(raw).hash());
        }
    }

    /** The same by way of maps: as received, with the owned elements before the first that follows them in FHIR. */
    private static BsonDocument model(BsonDocument resource) {
        BsonDocument given = resource.getDocument("meta", new BsonDocument());
        BsonDocument meta = new BsonDocument();
        given.entrySet().stream()
                .takeWhile(each -> List.of("id", "extension").contains(each.getKey()))
                .forEach(each -> meta.put(each.getKey(), each.getValue()));
        meta.put("versionId", new BsonString("7"));
        meta.put("lastUpdated", new BsonString("now"));
        given.forEach(meta::putIfAbsent);
        BsonDocument model = new BsonDocument();
        resource.forEach((name, value) -> {
            model.put(name, name.equals("meta") ? meta : value);
            if (name.equals("id") && !resource.containsKey("meta")) {
                model.put("meta", meta);
            }
        });
        return model;
    }

    private static BsonDocument resource(Random random) {
        BsonDocument resource = new BsonDocument("resourceType", new BsonString("Basic"));
        resource.put("id", new BsonString("i" + random.nextInt(100)));
        List<String> names = new ArrayList<>(List.of("active", "name", "value", "nested", "list"));
        if (random.nextBoolean()) {
            names.add("meta");
        }
        Collections.shuffle(names, random);
        for (String name : names) {
            resource.put(name, name.equals("meta") ? meta(random) : value(random, 3));
        }
        return resource;
    }

    private static BsonDocument meta(Random random) {
        List<String> names =
                new ArrayList<>(List.of("id", "extension", "versionId", "lastUpdated", "source", "tag", "profile"));
        Collections.shuffle(names, random);
        BsonDocument meta = new BsonDocument();
        names.stream().limit(random.nextInt(names.size() + 1)).forEach(name -> meta.put(name, value(random, 1)));
        return meta;
    }

    private static BsonValue value(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 6 : 4)) {
            case 0 -> new BsonString("é\uD83E\uDE7A" + random.nextInt());
            case 1 -> BsonBoolean.valueOf(random.nextBoolean());
            case 2 -> new BsonInt32(random.nextInt());
            case 3 -> new BsonDecimal128(Decimal128.parse("1." + "0".repeat(random.nextInt(4) + 1)));
            case 4 -> new BsonArray(List.of(value(random, depth - 1), value(random, depth - 1)));
            default -> new BsonDocument("a", value(random, depth - 1)).append("b", value(random, depth - 1));
        };
    }

    private static Content content(String json) {
        return new Content(RawBsonDocument.parse(json));
    }
}
