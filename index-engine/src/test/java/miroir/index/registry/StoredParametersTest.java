package miroir.index.registry;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import miroir.index.Refusal;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.structure.Structures;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StoredParametersTest {
    private static final Set<String> TYPES = Set.of("Organization", "Observation", "SearchParameter");
    private static final ConfigurationText FILE = new ConfigurationText("conf/search/a.yaml", """
            resources:
              - name: Organization
                searchParams:
                  - {name: nick, searchType: string, resourcePaths: [alias]}
            """);

    @Test
    void load_activeResource_isSearched() {
        LoadedRegistry loaded = load(parameter("one", "first", "Organization", "string", "Organization.alias"));

        SearchParameter first = find(loaded.registry(), "Organization", "first");
        assertThat(first.expression()).isEqualTo("Organization.alias");
        assertThat(first.indexed()).isTrue();
        assertThat(first.origin()).isEqualTo("SearchParameter/one");
        assertThat(loaded.remarks()).isEmpty();
    }

    @Test
    void load_notActiveOrOfNoServedType_saysNothing() {
        LoadedRegistry loaded = load(
                stored(json("one", "first", "Organization", "string", "Organization.nom")
                        .replace("active", "draft")),
                parameter("two", "second", "Patient", "string", "Patient.nom"));

        assertThat(loaded.registry().find("Organization", "first")).isNull();
        assertThat(loaded.remarks()).isEmpty();
    }

    @Test
    void load_oneThatIsNotUnderstood_isLeftOutAlone() {
        LoadedRegistry loaded = load(
                parameter("bad", "first", "Organization", "string", "Organization.nom"),
                parameter("good", "second", "Organization", "string", "Organization.alias"));

        assertThat(loaded.registry().find("Organization", "first")).isNull();
        assertThat(loaded.registry().find("Organization", "second")).isNotNull();
        assertThat(loaded.remarks())
                .singleElement()
                .satisfies(remark -> assertThat(remark)
                        .startsWith("SearchParameter/bad: expression: at character 14 of \"Organization.nom\"")
                        .endsWith(" (it has no effect)"));
    }

    /** All of a resource counts, or nothing. */
    @Test
    void load_oneThatClashesOnOneOfItsTypes_isLeftOutOfAll() {
        LoadedRegistry loaded =
                load(parameter("one", "first", "Organization", "string", "Organization.alias"), stored("""
                        {"resourceType": "SearchParameter", "id": "two", "status": "active", "code": "first",
                         "base": ["Observation", "Organization"], "type": "token", "expression": "identifier"}"""));

        assertThat(find(loaded.registry(), "Organization", "first").origin()).isEqualTo("SearchParameter/one");
        assertThat(loaded.registry().find("Observation", "first")).isNull();
        assertThat(loaded.remarks())
                .containsExactly(
                        "SearchParameter/two: code: Organization.first is declared already by"
                                + " SearchParameter/one; choose another code, or a status that is not active (it has no effect)");
    }

    @Test
    void load_inPlaceOfAStandardOne_takesIt() {
        LoadedRegistry loaded = load(parameter("name", "name", "Organization", "string", "Organization.name"));

        SearchParameter name = find(loaded.registry(), "Organization", "name");
        assertThat(name.expression()).isEqualTo("Organization.name");
        assertThat(name.indexName()).as("the fields of what selects the same").isEqualTo("phonetic");
        assertThat(loaded.remarks()).isEmpty();
    }

    /** What the files and R4 have keeps what it had. */
    @Test
    void load_changesNothingOfOthers() {
        SearchParameterRegistry before = RegistryLoader.load(TYPES, ShippedSearch.files());
        SearchParameterRegistry after = RegistryLoader.load(
                        TYPES,
                        ShippedSearch.files(),
                        List.of(parameter("one", "first", "Resource", "uri", "Resource.implicitRules")))
                .registry();

        for (String type : TYPES) {
            assertThat(after.of(type))
                    .containsAll(before.of(type))
                    .hasSize(before.of(type).size() + 1);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            nick  | string | Organization.alias | code       | Organization.nick is declared already by conf/search/a.yaml:4
            other | string | Organization.alias | code       | Organization.other is declared already by SearchParameter/other
            x     | strong | Organization.alias | type       | "strong" is not known
            x     | date   | Organization.alias | expression | finds nothing
            x     | string | Organization.nom   | expression | nom is not an element of Organization
            _id   | string | Organization.alias | expression | _id is kept by the server
            _id   | token  | Organization.id    | expression | _id is kept by the server
            _sort | string | Organization.alias | code       | "_sort" has its own meaning
            """)
    void check_whatWouldHaveNoEffect_isRefused(String code, String type, String expression, String path, String said) {
        SearchParameterRegistry inForce = load(parameter(
                        "other", "other", "Organization", "string", "Organization.name"))
                .registry();

        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> CheckStored.check(inForce, parameter("it", code, "Organization", type, expression)))
                .satisfies(refusal -> {
                    assertThat(refusal.reason()).isEqualTo(Refusal.Reason.UNPROCESSABLE);
                    assertThat(refusal.path()).isEqualTo("SearchParameter." + path);
                })
                .withMessageContaining(said);
    }

    /** In force is what it was before, which is in nobody's way. */
    @Test
    void check_anotherVersionOfWhatIsInForce_isTaken() {
        RawBsonDocument before = parameter("name", "name", "Organization", "string", "Organization.name");
        RawBsonDocument after = parameter("name", "name", "Organization", "string", "Organization.alias");

        assertThatNoException().isThrownBy(() -> CheckStored.check(load(before).registry(), after));
    }

    /** What was written a moment ago is not in force yet, and what was retired may still be. */
    @Test
    void check_othersOfTheSameCode_countAsTheyAreNow() {
        RawBsonDocument one = parameter("one", "first", "Organization", "string", "Organization.alias");
        RawBsonDocument two = parameter("two", "first", "Organization", "string", "Organization.name");

        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> CheckStored.check(load().registry(), List.of(one), two))
                .withMessageContaining("SearchParameter/one");
        assertThatNoException().isThrownBy(() -> CheckStored.check(load(one).registry(), List.of(), two));
    }

    /** What is in the database need not have come through this server. */
    @Test
    void check_withoutAnId_isUnderstood() {
        RawBsonDocument without = stored(json("x", "first", "Organization", "string", "Organization.alias")
                .replace("\"id\": \"x\",", ""));

        assertThat(without.containsKey("id")).isFalse();
        assertThatNoException().isThrownBy(() -> CheckStored.check(load().registry(), without));
    }

    @Test
    void check_expressionWithoutEnd_isRefused() {
        for (String expression : List.of("(".repeat(9_000) + "alias", "alias" + ".alias".repeat(9_000))) {
            assertThatExceptionOfType(Refusal.class)
                    .isThrownBy(() -> CheckStored.check(
                            load().registry(), parameter("it", "x", "Organization", "string", expression)));
        }
    }

    /** By these the server looks for SearchParameters itself. */
    @Test
    void check_anotherMeaningOfWhatTheServerSearchesBy_isRefused() {
        RawBsonDocument other = parameter("it", "status", "SearchParameter", "token", "SearchParameter.code");
        RawBsonDocument same = parameter("it", "status", "SearchParameter", "token", "SearchParameter.status");

        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> CheckStored.check(load().registry(), other))
                .withMessageContaining("the server itself searches by SearchParameter.status");
        assertThatNoException().isThrownBy(() -> CheckStored.check(load().registry(), same));
    }

    /** So it takes no room for an index, and nothing waits for one. */
    @Test
    void load_standardParameterOverAgain_isIndexedAsThat() {
        SearchParameterRegistry before = load().registry();
        SearchParameter standard = find(before, "Organization", "partof");

        SearchParameter again = find(
                load(parameter("it", "partof", "Organization", "reference", standard.expression()))
                        .registry(),
                "Organization",
                "partof");

        assertThat(again.origin()).isEqualTo("SearchParameter/it");
        assertThat(again.indexed()).isEqualTo(standard.indexed());
        assertThat(again.targets()).isEqualTo(standard.targets());
    }

    @Test
    void load_compositeBeforeItsComponents_isUnderstood() {
        LoadedRegistry loaded = load(
                stored(json("two", "second", "Organization", "composite", "Organization")
                        .replace(
                                "\"expression\"",
                                "\"component\": [{\"definition\": \"http://x.org/one\", \"expression\": \"name\"},"
                                        + " {\"definition\": \"http://x.org/one\", \"expression\": \"alias\"}],"
                                        + " \"expression\"")),
                parameter("one", "first", "Organization", "string", "Organization.alias"));

        assertThat(loaded.remarks()).isEmpty();
        assertThat(loaded.registry().find("Organization", "second")).isNotNull();
    }

    /** Each of them is told of, up to a number, and refused when it is written. */
    @Test
    void load_moreThanThereIsRoomFor_leavesTheLaterOnesOut() {
        RawBsonDocument[] many = IntStream.range(0, StoredDeclarations.MOST_RESOURCES + 100)
                .mapToObj(i -> parameter("p" + i, "p" + i, "Organization", "string", "Organization.alias"))
                .toArray(RawBsonDocument[]::new);

        LoadedRegistry loaded = load(many);

        assertThat(loaded.registry().find("Organization", "p499")).isNotNull();
        assertThat(loaded.registry().find("Organization", "p500")).isNull();
        assertThat(loaded.remarks()).hasSize(51).last().asString().startsWith("50 more");
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> CheckStored.check(
                        loaded.registry(), parameter("it", "it", "Organization", "string", "Organization.alias")))
                .withMessageContaining("500 SearchParameter resources");
    }

    private static LoadedRegistry load(RawBsonDocument... stored) {
        return RegistryLoader.load(TYPES, List.of(FILE), Arrays.asList(stored));
    }

    private static SearchParameter find(SearchParameterRegistry registry, String type, String code) {
        return requireNonNull(registry.find(type, code), code);
    }

    static RawBsonDocument parameter(String id, String code, String base, String type, String expression) {
        return stored(json(id, code, base, type, expression));
    }

    private static String json(String id, String code, String base, String type, String expression) {
        return """
                {"resourceType": "SearchParameter", "id": "%s", "url": "http://x.org/%s", "name": "X", "status": "active",
                 "description": "X", "code": "%s", "base": ["%s"], "type": "%s", "expression": "%s"}""".formatted(id, id, code, base, type, expression);
    }

    private static RawBsonDocument stored(String json) {
        return new ResourceReader(Structures.r4(), ReadLimits.standard())
                .readUnchecked(json.getBytes(StandardCharsets.UTF_8));
    }
}
