package miroir.index.extract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import miroir.index.path.JsonToBson;
import miroir.index.registry.RegistryLoader;
import miroir.index.registry.ShippedSearch;
import miroir.index.store.ResourceKey;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.bson.json.JsonMode;
import org.bson.json.JsonWriterSettings;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The documents of {@code golden/}: a resource, some of its parameters, and every field that they make of it, in order. A
 * change here changes what is stored, and with it {@link FieldsDigest#EXTRACTOR_VERSION}.
 */
class GoldenDocumentsTest {
    private static final JsonWriterSettings JSON = JsonWriterSettings.builder()
            .outputMode(JsonMode.EXTENDED)
            .indent(true)
            .build();
    private static final Instant FROM = Instant.parse("2025-07-14T10:30:15.123Z");

    @ParameterizedTest
    @MethodSource("documents")
    void extract_goldenDocument_givesEveryField(String name) {
        RawBsonDocument golden = JsonToBson.read(read(name));
        String type = golden.getString("type").getValue();
        RawBsonDocument resource = (RawBsonDocument) golden.getDocument("resource");
        ResourceKey key = new ResourceKey(type, resource.getString("id").getValue());
        FieldExtractor extractor = new FieldExtractor(registry(type, golden), settings());
        BsonDocument fields = extractor.extract(key, FROM, resource);
        BsonDocument expected = BsonDocument.parse(read(name)).getDocument("fields");
        assertThat(fields.toJson(JSON)).isEqualTo(expected.toJson(JSON));
        fields.keySet().stream()
                .filter(field -> !isOfTheVersion(field))
                .forEach(field -> assertThat(extractor.extract(key, field, resource))
                        .as(field)
                        .isEqualTo(fields.get(field)));
    }

    private static boolean isOfTheVersion(String field) {
        return Set.of("t_fid", "t_id").contains(field) || field.startsWith("t_lastupdated");
    }

    private static SearchParameterRegistry registry(String type, BsonDocument golden) {
        SearchParameterRegistry whole = RegistryLoader.load(Set.of(type), ShippedSearch.files());
        Set<String> sortable = Set.copyOf(texts(golden, "sortable"));
        Set<String> byText = Set.copyOf(texts(golden, "text"));
        List<SearchParameter> chosen = texts(golden, "parameters").stream()
                .map(code -> Objects.requireNonNull(whole.find(type, code), code)
                        .with(true, sortable.contains(code), byText.contains(code)))
                .toList();
        return SearchParameterRegistry.of(Set.of(type), chosen);
    }

    private static List<String> texts(BsonDocument golden, String name) {
        return golden.getArray(name, new BsonArray()).stream()
                .map(value -> value.asString().getValue())
                .toList();
    }

    private static ExtractionSettings settings() {
        return new ExtractionSettings(ZoneId.of("Europe/Paris"), Set.of("http://localhost:8080/fhir"));
    }

    static Stream<String> documents() throws IOException {
        try (Stream<Path> files = Files.list(folder())) {
            return files.map(file -> file.getFileName().toString()).sorted().toList().stream();
        }
    }

    private static String read(String name) {
        try {
            return Files.readString(folder().resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path folder() {
        return Path.of(Objects.requireNonNull(GoldenDocumentsTest.class.getResource("/golden"))
                .getPath());
    }
}
