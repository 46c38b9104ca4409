package miroir.index.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import miroir.index.SearchParameterType;
import miroir.index.path.JsonToBson;
import miroir.index.registry.RegistryLoader;
import miroir.index.store.ResourceKey;
import miroir.index.structure.Structures;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.types.Decimal128;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldExtractorTest {
    private static final ExtractionSettings PARIS =
            new ExtractionSettings(ZoneId.of("Europe/Paris"), Set.of("http://localhost:8080/fhir"));

    @Test
    void extract_version_givesIdAndTruncatedInstants() {
        BsonDocument fields = extractor("Basic")
                .extract(
                        new ResourceKey("Basic", "b1"),
                        Instant.parse("2025-03-30T01:30:15.123Z"),
                        JsonToBson.read("{\"resourceType\":\"Basic\",\"id\":\"b1\"}"));
        assertThat(fields.getString("t_fid").getValue()).isEqualTo("Basic/b1");
        assertThat(fields.getString("t_id").getValue()).isEqualTo("b1");
        assertInstant(fields, "t_lastupdated", "2025-03-30T01:30:15.123Z");
        assertInstant(fields, "t_lastupdated-second", "2025-03-30T01:30:15Z");
        assertInstant(fields, "t_lastupdated-minute", "2025-03-30T01:30:00Z");
        assertInstant(fields, "t_lastupdated-date", "2025-03-29T23:00:00Z");
        assertInstant(fields, "t_lastupdated-month", "2025-02-28T23:00:00Z");
        assertInstant(fields, "t_lastupdated-year", "2024-12-31T23:00:00Z");
        assertThat(fields.keySet()).hasSize(8);
    }

    @Test
    void constructor_everyType_compilesEveryStandardParameter() {
        Set<String> types = Structures.r4().resourceTypes();
        SearchParameterRegistry registry = RegistryLoader.load(types, List.of());
        assertThatCode(() -> new FieldExtractor(registry, PARIS)).doesNotThrowAnyException();
    }

    @Test
    void digest_changesWithWhatTheParameterHas() {
        SearchParameter name = string("name", "Organization.name");
        String digest = digest(PARIS, name);
        assertThat(digest(PARIS, string("name", "Organization.name"))).isEqualTo(digest);
        assertThat(digest(PARIS, name.with(true, false))).as("an index more").isEqualTo(digest);
        assertThat(digest(PARIS, name.with(false, true))).as("sortable").isNotEqualTo(digest);
        assertThat(digest(PARIS, string("name", "Organization.alias"))).isNotEqualTo(digest);
        assertThat(digest(new ExtractionSettings(ZoneId.of("UTC"), Set.of()), name))
                .isNotEqualTo(digest);
        assertThat(digest(new ExtractionSettings(PARIS.zone(), Set.of("https://here.example/fhir")), name))
                .isNotEqualTo(digest);
    }

    private static String digest(ExtractionSettings settings, SearchParameter parameter) {
        return new FieldExtractor(SearchParameterRegistry.of(Set.of("Organization"), List.of(parameter)), settings)
                .digest(parameter);
    }

    @Test
    void extract_typeNotServed_isRefused() {
        assertThatThrownBy(() -> extractor("Basic")
                        .extract(new ResourceKey("Patient", "p"), Instant.EPOCH, JsonToBson.read("{}")))
                .hasMessage("type Patient is not served; served are [Basic]");
    }

    @Test
    void extract_extremeDecimals_areStored() {
        for (String number : List.of(
                "1E6144",
                "9.999999999999999999999999999999999E6144",
                "1E-6176",
                "-1E-6176",
                "0E-6176",
                "1234567890123456789012345678901234",
                "-0.0",
                "0",
                "1e400")) {
            String observation =
                    "{\"resourceType\":\"Observation\",\"id\":\"o\",\"valueQuantity\":{\"value\":" + number + "}}";
            BsonDocument fields = extractor("Observation")
                    .extract(new ResourceKey("Observation", "o"), Instant.EPOCH, JsonToBson.read(observation));
            assertThat(fields.getArray("t_value-quantity")).as(number).hasSize(1);
        }
    }

    @Test
    void extract_samplesBeyondDecimal128_areNoSamples() {
        for (String data : List.of(
                "1E10000000 1 2",
                "1 2 -1E2147483647",
                "1 1E-10000000 2",
                "1 2 1E6145",
                "2 E 1 L U 1" + "0".repeat(50),
                "0E1000000000 2 1")) {
            BsonDocument interval = samples(data, "10").get(0).asDocument();
            assertThat(interval.getDecimal128("s").getValue().bigDecimalValue())
                    .as(data)
                    .isEqualByComparingTo("11");
            assertThat(interval.getDecimal128("e").getValue().bigDecimalValue())
                    .as(data)
                    .isEqualByComparingTo("12");
        }
        assertThat(samples("1E10000000", "10")).isEmpty();
    }

    @Test
    void extract_samplesFarFromTheirOrigin_areEnclosed() {
        BsonDocument interval = samples("1E-6176", "1E6111").get(0).asDocument();
        BigDecimal origin = new BigDecimal("1E6111");
        assertThat(interval.getDecimal128("s").getValue().bigDecimalValue()).isEqualByComparingTo(origin);
        assertThat(interval.getDecimal128("e").getValue().bigDecimalValue()).isGreaterThan(origin);
    }

    private static BsonArray samples(String data, String origin) {
        String observation =
                "{\"resourceType\":\"Observation\",\"id\":\"o\",\"valueSampledData\":{\"origin\":{\"value\":" + origin
                        + "},\"data\":\"" + data + "\"}}";
        return fields("Observation", observation).getArray("t_value-quantity");
    }

    @Test
    void extract_periodThatEndsBeforeItStarts_isLeftOutAndNotMissing() {
        assertThat(period("2024-05-01", "2020-01-01")).isEmpty();
        assertThat(period("2024-05-10", "2024-05-09")).isEmpty();
        assertThat(period("2024-05-10", "2024-05-10")).hasSize(1);
        assertThat(period("2024-05-10", "2024-05")).as("the end of May").hasSize(1);
    }

    private static BsonArray period(String start, String end) {
        return fields("Encounter", """
                {"resourceType":"Encounter","id":"e","period":{"start":"%s","end":"%s"}}""".formatted(start, end)).getArray("t_date");
    }

    @Test
    void extract_timingWithInvertedBounds_keepsItsEventsOnly() {
        String bounds = "\"repeat\":{\"boundsPeriod\":{\"start\":\"2024-05-01\",\"end\":\"2020-01-01\"}}";
        assertThat(timing(bounds)).isEmpty();
        assertThat(timing("\"event\":[\"2024-06-01\"]," + bounds))
                .isEqualTo(timing("\"event\":[\"2024-06-01\"]"))
                .hasSize(1);
        assertThat(timing("\"code\":{\"text\":\"sometimes\"}"))
                .as("at any time")
                .hasSize(1);
    }

    private static BsonArray timing(String content) {
        return fields(
                        "Observation",
                        "{\"resourceType\":\"Observation\",\"id\":\"o\",\"effectiveTiming\":{" + content + "}}")
                .getArray("t_date");
    }

    @Test
    void extract_rangeWhoseLowIsAboveItsHigh_isLeftOutAndNotMissing() {
        assertThat(range("5", "4")).isEmpty();
        assertThat(range("1E6111", "1E-6176")).isEmpty();
        assertThat(range("5", "5")).hasSize(1);
        assertThat(range("5.4", "5")).as("ends of a Range are exact").isEmpty();
    }

    /** What {@code <60} and {@code >60} leave out is 60 itself; nothing that can be stored lies between. */
    @ParameterizedTest
    @CsvSource({
        "<, 60, -Infinity, 59.99999999999999999999999999999999",
        "<=, 60, -Infinity, 60",
        ">=, 60, 60, Infinity",
        ">, 60, 60.00000000000000000000000000000001, Infinity",
        ">, 0, 1E-6176, Infinity",
        "<, 0, -Infinity, -1E-6176",
        ">, 9.999999999999999999999999999999999E6144, Infinity, Infinity",
    })
    void extract_comparator_isEverythingOnThatSide(String comparator, String value, String low, String high) {
        BsonDocument stored = fields("Observation", """
                {"resourceType":"Observation","id":"o","valueQuantity":{"value":%s,"comparator":"%s"}}""".formatted(value, comparator))
                .getArray("t_value-quantity")
                .get(0)
                .asDocument();
        assertThat(stored.getDecimal128("s").getValue()).isEqualTo(Decimal128.parse(low));
        assertThat(stored.getDecimal128("e").getValue()).isEqualTo(Decimal128.parse(high));
    }

    private static BsonArray range(String low, String high) {
        return fields("Condition", """
                {"resourceType":"Condition","id":"c","onsetRange":{"low":{"value":%s},"high":{"value":%s}}}""".formatted(low, high)).getArray("t_onset-age");
    }

    @Test
    void extract_compositeWithAComponentThatHoldsNothing_givesNoTuple() {
        assertThat(tuples("{\"coding\":[{\"code\":\"a\"}]}", "{\"value\":1}")).hasSize(1);
        assertThat(tuples("{\"coding\":[{\"code\":\"a\"}]}", "{\"unit\":\"kg\"}"))
                .isEmpty();
        assertThat(tuples("{\"text\":\"a\"}", "{\"value\":1}")).isEmpty();
    }

    private static BsonArray tuples(String code, String quantity) {
        String observation = "{\"resourceType\":\"Observation\",\"id\":\"o\",\"code\":" + code + ",\"valueQuantity\":"
                + quantity + "}";
        return fields("Observation", observation).getArray("t_code-value-quantity-tuple", new BsonArray());
    }

    private static BsonDocument fields(String type, String resource) {
        return extractor(type).extract(new ResourceKey(type, "x"), Instant.EPOCH, JsonToBson.read(resource));
    }

    @Test
    void fields_ofDifferentParameters_neverMeet() {
        SearchParameterRegistry registry = RegistryLoader.load(Structures.r4().resourceTypes(), List.of());
        Set<String> clashes = new TreeSet<>();
        for (String type : registry.types()) {
            Map<String, SearchParameter> owners = new HashMap<>();
            for (SearchParameter parameter : registry.of(type)) {
                for (String field : fields(parameter)) {
                    SearchParameter other = owners.putIfAbsent(field, parameter);
                    if (other != null && !parameter.keepsTheSameAs(other)) {
                        clashes.add(type + ": " + parameter.code() + " and " + other.code() + " write " + field);
                    }
                }
            }
        }
        assertThat(clashes).isEmpty();
    }

    @Test
    void extract_partThatIsAlsoAParameter_leavesTheFieldToTheParameter() {
        String organization = """
                {"resourceType":"Organization","id":"o","address":[{"city":"Nancy","district":"Sud"}]}""";
        SearchParameter whole = string("address", "Organization.address");
        SearchParameter part = string("address-city", "Organization.address.district");
        for (List<SearchParameter> order : List.of(List.of(whole, part), List.of(part, whole))) {
            BsonDocument fields = new FieldExtractor(SearchParameterRegistry.of(Set.of("Organization"), order), PARIS)
                    .extract(new ResourceKey("Organization", "o"), Instant.EPOCH, JsonToBson.read(organization));
            assertThat(fields.getArray("t_address-city").getValues()).containsExactly(new BsonString("Sud"));
            assertThat(fields.getArray("t_address-city-i").getValues()).containsExactly(new BsonString("sud"));
            assertThat(fields.getArray("t_address-district").getValues()).containsExactly(new BsonString("Sud"));
        }
    }

    private static SearchParameter string(String code, String expression) {
        return new SearchParameter(
                "Organization",
                code,
                SearchParameterType.STRING,
                expression,
                code,
                false,
                false,
                "",
                "",
                List.of(),
                List.of(),
                "test");
    }

    private static List<String> fields(SearchParameter parameter) {
        List<String> suffixes = new ArrayList<>(List.of("min", "max"));
        suffixes.addAll(
                switch (parameter.searchType()) {
                    case TOKEN -> List.of("value", "system", "sysval", "of-type", "text");
                    case STRING -> List.of("", "i", "3g", "w");
                    case REFERENCE -> List.of("reference", "type", "id", "identifier");
                    case COMPOSITE -> List.of("tuple");
                    default -> List.of("");
                });
        return suffixes.stream().map(parameter::field).toList();
    }

    private static FieldExtractor extractor(String type) {
        return new FieldExtractor(RegistryLoader.load(Set.of(type), List.of()), PARIS);
    }

    private static void assertInstant(BsonDocument fields, String name, String instant) {
        assertThat(fields.get(name))
                .as(name)
                .isEqualTo(new BsonInt64(Instant.parse(instant).toEpochMilli()));
    }
}
