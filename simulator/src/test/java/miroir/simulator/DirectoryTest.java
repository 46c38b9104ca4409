package miroir.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.IParser;
import ca.uhn.fhir.parser.StrictErrorHandler;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.structure.Structures;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Practitioner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DirectoryTest {
    private static final FhirContext FHIR = FhirContext.forR4Cached();

    private final Directory directory = new Directory(42, 200);

    @ParameterizedTest
    @EnumSource(Kind.class)
    void json_parsedStrictly_keepsTypeAndId(Kind kind) {
        IParser parser = FHIR.newJsonParser();
        parser.setParserErrorHandler(new StrictErrorHandler());
        for (long i = 0; i < directory.size(kind); i++) {
            IBaseResource parsed = parser.parseResource(new String(directory.json(kind, i), UTF_8));

            assertThat(parsed.fhirType()).isEqualTo(kind.type());
            assertThat(parsed.getIdElement().getIdPart())
                    .isEqualTo(directory.resource(kind, i).getString("id").getValue());
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void json_readByTheServersReader_isTheSameBson(Kind kind) {
        ResourceReader reader = new ResourceReader(Structures.r4(), ReadLimits.standard());
        for (long i = 0; i < directory.size(kind); i++) {
            assertThat((BsonDocument) reader.read(directory.json(kind, i))).isEqualTo(directory.resource(kind, i));
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void resource_sameSeed_isTheSameWhateverTheSize(Kind kind) {
        Directory larger = new Directory(42, 1_000_000);

        assertThat(larger.resource(kind, 1)).isEqualTo(directory.resource(kind, 1));
        assertThat(new Directory(43, 200).resource(kind, 1)).isNotEqualTo(directory.resource(kind, 1));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void resources_all_haveDistinctIdsThatFhirAllows(Kind kind) {
        List<String> ids = directory.resources(kind).map(DirectoryTest::id).toList();

        assertThat(ids).hasSize((int) directory.size(kind)).doesNotHaveDuplicates();
        assertThat(ids).allMatch(id -> id.matches("[A-Za-z0-9.-]{1,64}"));
    }

    @Test
    void resources_references_resolveButForFewRoles() {
        Set<String> targets = new HashSet<>();
        for (Kind kind : Kind.values()) {
            directory.resources(kind).forEach(resource -> targets.add(kind.type() + "/" + id(resource)));
        }

        List<String> dangling = Stream.of(Kind.values())
                .flatMap(directory::resources)
                .flatMap(DirectoryTest::references)
                .filter(reference -> !targets.contains(reference))
                .toList();

        assertThat(dangling).allMatch(reference -> reference.startsWith("Organization/001-01-9"));
        assertThat(dangling.size()).isLessThan((int) directory.size(Kind.PRACTITIONER_ROLE) / 50);
    }

    @Test
    void practitioners_identifiers_canBeNoRealPersons() {
        Set<String> numbers = new HashSet<>();
        directory.resources(Kind.PRACTITIONER).forEach(resource -> {
            String rpps =
                    FHIR.newJsonParser().parseResource(Practitioner.class, json(resource)).getIdentifier().stream()
                            .filter(identifier -> identifier.getSystem().equals("https://rpps.esante.gouv.fr"))
                            .map(Identifier::getValue)
                            .findFirst()
                            .orElseThrow();
            assertThat(rpps).matches("[0-9]{11}");
            assertThat(Identifiers.luhnKey(rpps.substring(0, 10))).isNotEqualTo(rpps.charAt(10) - '0');
            assertThat(numbers.add(rpps)).isTrue();
        });
    }

    @Test
    void practitioners_asAWhole_haveTheShapeOfTheRealOnes() {
        List<RawBsonDocument> all =
                new Directory(7, 2_000).resources(Kind.PRACTITIONER).toList();

        assertThat(all.stream().filter(p -> !p.getBoolean("active").getValue()).count())
                .isBetween(15L, 80L);
        assertThat(all.stream().filter(p -> p.containsKey("telecom")).count()).isBetween(350L, 700L);
        assertThat(all.stream().filter(p -> p.toJson().contains("É")).count()).isGreaterThan(50);
        assertThat(all.stream().filter(p -> p.toJson().contains("'")).count()).isGreaterThan(5);
    }

    @Test
    void resource_beyondTheEnd_isRefusedWithTheRange() {
        assertThatThrownBy(() -> directory.resource(Kind.DEVICE, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Device 2 does not exist; allowed is 0 to 1");
    }

    @Test
    void size_ofALargeDirectory_hasTheRatiosOfTheRealOne() {
        Directory large = new Directory(1, 2_000_000);

        assertThat(large.size(Kind.PRACTITIONER)).isEqualTo(2_000_000);
        assertThat(large.size(Kind.PRACTITIONER_ROLE)).isEqualTo(2_060_000);
        assertThat(large.size(Kind.ORGANIZATION)).isEqualTo(2_040_000);
        assertThat(large.resource(Kind.ORGANIZATION, 2_039_999)).isNotEmpty();
    }

    private static String json(RawBsonDocument resource) {
        return resource.toJson();
    }

    private static String id(RawBsonDocument resource) {
        return resource.getString("id").getValue();
    }

    private static Stream<String> references(RawBsonDocument resource) {
        return Stream.of("practitioner", "organization", "partOf", "providedBy", "owner")
                .filter(resource::containsKey)
                .map(name -> resource.getDocument(name).getString("reference").getValue());
    }
}
