package miroir.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import miroir.index.store.ResourceKey;
import miroir.index.structure.ElementDefinition;
import miroir.index.structure.Structures;
import miroir.index.structure.TypeDefinition;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDecimal128;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.types.Decimal128;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("source")
final class ReadableResourceTest {
    private static final Path ROOT = Path.of(System.getProperty("miroir.root"));
    private static final ElementText TEXTS = new ElementText(Locale.FRANCE, ZoneId.of("Europe/Paris"), "oui", "non");

    private static ReadableResource.Shown shown(BsonDocument fhir) {
        return ReadableResource.of(
                fhir,
                TEXTS,
                reference ->
                        reference.matches("(Organization|Practitioner)/.+") ? "/admin/resources/" + reference : null);
    }

    private static ReadableResource.Shown shown(String json) {
        return shown(BsonDocument.parse(json));
    }

    /** Names and texts, indented. */
    private static List<String> lines(List<ReadableElement> elements) {
        List<String> lines = new ArrayList<>();
        for (ReadableElement each : elements) {
            lines.add((each.name() + ": " + each.text()).strip()
                    + (each.note().isEmpty() ? "" : " (" + each.note() + ")"));
            lines(each.parts()).forEach(line -> lines.add("  " + line));
        }
        return lines;
    }

    private static String html(ReadableResource.Shown shown) {
        return Pages.part("elements", Map.of("elements", shown.elements()));
    }

    static Stream<String> samples() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String folder : List.of("samples/directory", "server/src/test/resources/miroir/server")) {
            try (Stream<Path> files = Files.list(ROOT.resolve(folder))) {
                for (Path file : files.filter(each -> each.toString().endsWith(".ndjson"))
                        .toList()) {
                    lines.addAll(Files.readAllLines(file));
                }
            }
        }
        return lines.stream().filter(line -> !line.isBlank());
    }

    @ParameterizedTest
    @MethodSource("samples")
    void of_everySample_saysEachOfItsTexts(String line) {
        BsonDocument fhir = BsonDocument.parse(line);
        ReadableResource.Shown shown = shown(fhir);

        assertThat(shown.isCut()).isFalse();
        assertThat(ResourceSummary.headline(fhir, TEXTS, new ResourceKey("Device", "x")))
                .isNotBlank();
        String all = String.join("\n", lines(shown.elements()));
        fhir.keySet().stream()
                .filter(name -> !name.startsWith("_")
                        && !Set.of("resourceType", "id", "extension").contains(name))
                .forEach(name -> assertThat(all).contains(name));
        assertThat(html(shown)).startsWith("<dl");
    }

    static Stream<String> types() {
        return Structures.r4().resourceTypes().stream();
    }

    /** Each element of each type, as deep as they go. */
    @ParameterizedTest
    @MethodSource("types")
    void of_everyTypeOfR4_isShown(String type) {
        BsonDocument fhir = whole(type, 4);
        fhir.put("resourceType", new BsonString(type));

        ReadableResource.Shown shown = shown(fhir);

        assertThat(shown.elements()).isNotEmpty();
        assertThat(ResourceSummary.headline(fhir, TEXTS, new ResourceKey(type, "x")))
                .isNotBlank();
        assertThat(html(shown)).contains("<dt");
        assertThat(Differences.between(new BsonDocument("resourceType", new BsonString(type)), fhir))
                .isNotEmpty();
        assertThat(TEXTS.shortly("", fhir)).isNotEmpty();
    }

    private static BsonDocument whole(String type, int depth) {
        BsonDocument made = new BsonDocument();
        TypeDefinition definition = Structures.r4().type(type);
        if (definition == null || depth == 0) {
            return made;
        }
        for (ElementDefinition element : definition.elements().values()) {
            BsonValue value = value(element, depth);
            made.put(element.name(), element.many() ? new BsonArray(List.of(value, value)) : value);
        }
        return made;
    }

    private static BsonValue value(ElementDefinition element, int depth) {
        TypeDefinition type = Structures.r4().type(element.type());
        if (type == null || type.kind() != TypeDefinition.Kind.PRIMITIVE) {
            return element.type().equals("Resource")
                    ? new BsonDocument("resourceType", new BsonString("Basic"))
                    : whole(element.type(), element.isChoice() ? 1 : depth - 1);
        }
        return switch (element.type()) {
            case "boolean" -> BsonBoolean.TRUE;
            case "integer", "positiveInt", "unsignedInt" -> new BsonInt32(7);
            case "decimal" -> new BsonDecimal128(Decimal128.parse("1.50"));
            case "date", "dateTime", "instant" -> new BsonString("2026-11-29");
            default -> new BsonString("some");
        };
    }

    @Test
    void of_aPerson_isAsPeopleReadIt() {
        ReadableResource.Shown shown = shown("""
                {resourceType: 'Practitioner', birthDate: '1980-02-29', id: 'x', active: true,
                 _birthDate: {extension: [{url: 'http://example.org/x/precision', valueCode: 'day'}]},
                 name: [{family: 'Hôtel', given: ['Élodie', 'Zoé'], prefix: ['Mme'], use: 'official', period: {start: '2020'}}],
                 identifier: [{system: 'urn:oid:1.2', value: '42', type: {coding: [{system: 'http://t/x', code: 'RPPS'}]}}],
                 meta: {versionId: '3', lastUpdated: '2026-01-01T00:00:00Z', source: 's'},
                 qualification: [{code: {coding: [{system: 'https://mos.esante.gouv.fr/NOS/TRE_G15', code: '10', display: 'Médecin'}]},
                                  issuer: {reference: 'Organization/1'}}]}""");

        assertThat(lines(shown.elements()))
                .containsExactly(
                        "meta:",
                        "  source: s",
                        "identifier: 42 (RPPS · urn:oid:1.2)",
                        "active: oui",
                        "name: Mme Élodie Zoé Hôtel (official)",
                        "  period: 2020 – …",
                        "birthDate: 29 févr. 1980",
                        "  precision: day",
                        "qualification:",
                        "  code: Médecin (10 · TRE_G15)",
                        "  issuer: Organization/1");
        assertThat(html(shown))
                .contains("<a href=\"/admin/resources/Organization/1\">", "title=\"http://example.org/x/precision\"");
    }

    @Test
    void of_whatIsNotServed_leadsNowhere() {
        assertThat(
                        html(
                                shown(
                                        "{resourceType: 'Device', id: 'x', patient: {reference: 'Patient/1'}, owner: {reference: '#o'}}")))
                .contains("Patient/1", "#o")
                .doesNotContain("<a ");
    }

    @Test
    void of_hostileContent_isText() {
        String evil = "\"><script>alert(1)</script><a href='javascript:x'>";
        BsonDocument fhir = new BsonDocument("resourceType", new BsonString("Organization"))
                .append("name", new BsonString(evil))
                .append("alias", new BsonArray(List.of(new BsonString(evil))))
                .append(
                        "text",
                        new BsonDocument("div", new BsonString("<div><script>alert(1)</script>&lt;b&gt;</div>")))
                .append(
                        "identifier",
                        new BsonArray(List.of(new BsonDocument("system", new BsonString(evil))
                                .append("value", new BsonString(evil)))))
                .append(
                        "extension",
                        new BsonArray(List.of(new BsonDocument("url", new BsonString(evil))
                                .append("valueUri", new BsonString("javascript:alert(1)")))))
                .append(evil, new BsonString("odd"))
                .append(
                        "partOf",
                        new BsonDocument("reference", new BsonString("javascript:alert(1)"))
                                .append("display", new BsonString(evil)));

        assertThat(html(shown(fhir)))
                .doesNotContain("<script", "<b>", "<a ", "\"><")
                .contains("&lt;script");
    }

    @Test
    void of_whatIsNotAsItShouldBe_isShownAnyway() {
        assertThat(lines(shown("""
                        {resourceType: 'Practitioner', id: 'x', name: 'text', active: 'perhaps', birthDate: 'never', address: [1, null, {}],
                         identifier: {value: {a: 'b'}}, qualification: 7, strange: {deeper: [true, {x: 'y'}]}}""").elements()))
                .contains("name: text", "active: perhaps", "birthDate: never", "    x: y");
        assertThat(shown("{}").elements()).isEmpty();
        assertThat(shown("{resourceType: 'Nothing', a: 'b'}").elements()).hasSize(1);
    }

    @Test
    void of_aVeryLargeResource_isCut() {
        String many = IntStream.range(0, 10_000)
                .mapToObj(i -> "{system: 's" + i + "', value: 'v'}")
                .collect(Collectors.joining(", "));

        ReadableResource.Shown shown = shown("{resourceType: 'Practitioner', identifier: [" + many + "]}");

        assertThat(shown.isCut()).isTrue();
        assertThat(shown.elements()).hasSize(ReadableResource.MOST_ELEMENTS);
    }

    @Test
    void of_aVeryLongText_isCut() {
        BsonDocument fhir = BsonDocument.parse("{resourceType: 'Organization'}")
                .append("name", new BsonString("x".repeat(1_000_000)));

        ReadableResource.Shown shown = shown(fhir);

        assertThat(shown.isCut()).isTrue();
        assertThat(html(shown)).hasSizeLessThan(10_000);
    }

    @Test
    void of_aVeryDeepResource_isCut() {
        BsonDocument item = new BsonDocument("linkId", new BsonString("deepest"));
        for (int i = 0; i < 100; i++) {
            item = new BsonDocument("linkId", new BsonString("i" + i)).append("item", new BsonArray(List.of(item)));
        }

        ReadableResource.Shown shown = shown(new BsonDocument("resourceType", new BsonString("Questionnaire"))
                .append("item", new BsonArray(List.of(item))));

        assertThat(shown.isCut()).isTrue();
        assertThat(html(shown)).doesNotContain("deepest");
    }
}
