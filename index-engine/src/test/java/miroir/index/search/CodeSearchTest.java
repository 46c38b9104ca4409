package miroir.index.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import miroir.index.Refusal;
import miroir.index.generated.Proves;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code :in}, {@code :not-in}, {@code :above} and {@code :below} over value sets and code systems that are stored. */
class CodeSearchTest {
    private static final String ANIMALS = "http://example.org/animals";

    /** What is below what: cat and dog below mammal below animal; lion below cat; fish below animal. */
    private static final String CODE_SYSTEM = """
            {"resourceType": "CodeSystem", "id": "animals", "url": "http://example.org/animals", "version": "1", "status": "active",
             "content": "complete", "property": [{"code": "over", "uri": "http://hl7.org/fhir/concept-properties#parent", "type": "code"},
             {"code": "legs", "type": "integer"}],
             "concept": [{"code": "animal", "display": "Animal", "concept": [
               {"code": "mammal", "display": "Mammal", "concept": [{"code": "dog", "display": "Dog",
                  "property": [{"code": "legs", "valueInteger": 4}]}]},
               {"code": "fish", "display": "Fish", "property": [{"code": "legs", "valueInteger": 0}]}]},
              {"code": "cat", "display": "Cat", "property": [{"code": "parent", "valueCode": "mammal"}, {"code": "legs", "valueInteger": 4}]},
              {"code": "lion", "display": "Big cat", "property": [{"code": "over", "valueCode": "cat"}]}]}""";

    private final SearchedStore store =
            new SearchedStore("Observation", "Patient", "ValueSet", "CodeSystem", "Encounter");

    @BeforeEach
    void putThem() {
        store.put("CodeSystem", "animals", CODE_SYSTEM);
        for (String code : List.of("animal", "mammal", "dog", "cat", "lion", "fish", "unicorn")) {
            observation(code, ANIMALS, code);
        }
        observation("other-dog", "http://example.org/breeds", "dog");
        store.put(
                "Observation",
                "none",
                "{\"resourceType\": \"Observation\", \"id\": \"none\", \"status\": \"final\","
                        + " \"code\": {\"text\": \"no code\"}}");
    }

    private void observation(String id, String system, String code) {
        store.put(
                "Observation",
                id,
                "{\"resourceType\": \"Observation\", \"id\": \"" + id
                        + "\", \"status\": \"final\", \"subject\": {\"reference\": \"Patient/" + id
                        + "\"}, \"code\": {\"coding\": [{\"system\": \"" + system + "\", \"code\": \"" + code
                        + "\"}]}}");
    }

    private void valueSet(String id, String rest) {
        store.put(
                "ValueSet",
                id,
                "{\"resourceType\": \"ValueSet\", \"id\": \"" + id + "\", \"url\": \"http://example.org/vs/" + id
                        + "\", \"status\": \"active\", " + rest + "}");
    }

    private void composed(String id, String include) {
        valueSet(id, "\"compose\": {\"include\": [" + include + "]}");
    }

    private List<String> in(String id) {
        return store.find("Observation", "code:in=http://example.org/vs/" + id);
    }

    private AbstractThrowableAssert<?, ?> refused(String query) {
        return assertThatThrownBy(() -> store.find("Observation", query))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.INVALID));
    }

    // --- hierarchies

    @Test
    @Proves("token :below")
    void below_code_findsItAndWhatItSubsumes() {
        assertThat(store.find("Observation", "code:below=http://example.org/animals%7Cmammal"))
                .containsExactly("mammal", "dog", "cat", "lion");
        assertThat(store.find("Observation", "code:below=" + ANIMALS + "%7Clion," + ANIMALS + "%7Cfish"))
                .containsExactly("lion", "fish");
    }

    @Test
    @Proves("token :above")
    void above_code_findsItAndWhatSubsumesIt() {
        assertThat(store.find("Observation", "code:above=http://example.org/animals%7Clion"))
                .containsExactly("animal", "mammal", "cat", "lion");
    }

    @Test
    void below_insideChainsAndHas_works() {
        store.put("Patient", "lion", "{\"resourceType\": \"Patient\", \"id\": \"lion\"}");
        store.put("Patient", "fish", "{\"resourceType\": \"Patient\", \"id\": \"fish\"}");

        assertThat(store.find("Patient", "_has:Observation:patient:code:below=" + ANIMALS + "%7Cmammal"))
                .containsExactly("lion");
        composed("fishes", "{\"system\": \"" + ANIMALS + "\", \"concept\": [{\"code\": \"fish\"}]}");
        assertThat(store.find("Patient", "_has:Observation:patient:code:in=ValueSet/fishes"))
                .containsExactly("fish");
    }

    @Test
    void below_circleInTheHierarchy_ends() {
        store.put(
                "CodeSystem",
                "animals",
                CODE_SYSTEM.replace(
                        "\"display\": \"Animal\"",
                        "\"property\": [{\"code\": \"parent\", \"valueCode\":" + " \"lion\"}]"));

        assertThat(store.find("Observation", "code:below=" + ANIMALS + "%7Clion"))
                .hasSize(6);
    }

    @Test
    void below_codeSystemThatChanged_isTheNewOne() {
        assertThat(store.find("Observation", "code:below=" + ANIMALS + "%7Ccat"))
                .containsExactly("cat", "lion");

        store.put("CodeSystem", "animals", CODE_SYSTEM.replace("\"valueCode\": \"cat\"", "\"valueCode\": \"dog\""));

        assertThat(store.find("Observation", "code:below=" + ANIMALS + "%7Ccat"))
                .containsExactly("cat");
        assertThat(store.find("Observation", "code:below=" + ANIMALS + "%7Cdog"))
                .containsExactly("dog", "lion");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "code:below=dog; system|code, both",
                "code:below=%7Cdog; system|code, both",
                "code:above=http://example.org/breeds%7Cdog; \"http://example.org/breeds\" is not kept here",
                "code:above=http://example.org/animals%7Cunicorn; has no code \"unicorn\"",
                "code:in=http://example.org/vs/none; \"http://example.org/vs/none\" is not kept here",
                "code:in=ValueSet/none; store it as a ValueSet"
            })
    void query_thatNothingStoredAnswers_isRefused(String query, String said) {
        refused(query).hasMessageContaining(said);
    }

    @Test
    void hierarchy_partOfACodeSystem_isRefused() {
        store.put("CodeSystem", "animals", CODE_SYSTEM.replace("complete", "fragment"));

        refused("code:below=" + ANIMALS + "%7Ccat").hasMessageContaining("with all of its codes");
    }

    // --- value sets

    @Test
    @Proves({"token :in", "token :not-in"})
    void in_enumerated_findsTheirSystemsAndCodes() {
        composed("pets", "{\"system\": \"" + ANIMALS + "\", \"concept\": [{\"code\": \"dog\"}, {\"code\": \"cat\"}]}");

        assertThat(in("pets")).containsExactly("dog", "cat");
        assertThat(store.find("Observation", "code:in=ValueSet/pets")).containsExactly("dog", "cat");
        assertThat(store.find("Observation", "code:not-in=ValueSet/pets"))
                .containsExactly("animal", "mammal", "lion", "fish", "unicorn", "other-dog", "none");
        assertThat(store.find("Observation", "code:in=ValueSet/pets&code:not=cat"))
                .containsExactly("dog");
    }

    @Test
    void in_several_areAlternatives() {
        composed("dogs", "{\"system\": \"" + ANIMALS + "\", \"concept\": [{\"code\": \"dog\"}]}");
        composed("fishes", "{\"system\": \"" + ANIMALS + "\", \"concept\": [{\"code\": \"fish\"}]}");

        assertThat(store.find("Observation", "code:in=ValueSet/dogs,http://example.org/vs/fishes"))
                .containsExactly("dog", "fish");
        assertThat(store.find("Observation", "code:not-in=ValueSet/dogs,ValueSet/fishes"))
                .doesNotContain("dog", "fish")
                .hasSize(7);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "concept; is-a; mammal; mammal,dog,cat,lion",
                "concept; descendent-of; mammal; dog,cat,lion",
                "concept; is-not-a; mammal; animal,fish",
                "concept; generalizes; dog; animal,mammal,dog",
                "concept; =; dog; dog",
                "code; in; dog, fish; dog,fish",
                "code; not-in; dog,fish; animal,mammal,cat,lion",
                "legs; =; 4; dog,cat",
                "legs; exists; true; dog,cat,fish",
                "legs; exists; false; animal,mammal,lion",
                "parent; =; mammal; dog,cat",
                "child; exists; false; dog,lion,fish",
                "display; regex; .*[Cc]at; cat,lion",
                "code; regex; [a-d].*; animal,dog,cat"
            })
    void in_filtered_findsTheConceptsThatMeetIt(String property, String operator, String value, String found) {
        composed(
                "some",
                "{\"system\": \"" + ANIMALS + "\", \"filter\": [{\"property\": \"" + property + "\", \"op\": \""
                        + operator + "\", \"value\": \"" + value + "\"}]}");

        assertThat(in("some")).containsExactlyInAnyOrder(found.split(","));
    }

    @Test
    void in_severalFilters_meetsAll() {
        composed(
                "some",
                "{\"system\": \"" + ANIMALS
                        + "\", \"filter\": [{\"property\": \"concept\", \"op\": \"is-a\", \"value\": \"mammal\"},"
                        + " {\"property\": \"legs\", \"op\": \"=\", \"value\": \"4\"}]}");

        assertThat(in("some")).containsExactly("dog", "cat");
    }

    @Test
    void in_wholeSystem_isAllOfItsCodes() {
        composed("animals", "{\"system\": \"" + ANIMALS + "\"}");
        composed("breeds", "{\"system\": \"http://example.org/breeds\"}");

        assertThat(in("animals")).containsExactly("animal", "mammal", "dog", "cat", "lion", "fish");
        assertThat(in("breeds")).containsExactly("other-dog");
    }

    @Test
    void in_excludes_areTakenAway() {
        valueSet(
                "but",
                "\"compose\": {\"include\": [{\"system\": \"" + ANIMALS + "\"}], \"exclude\": [{\"system\": \""
                        + ANIMALS + "\", \"concept\": [{\"code\": \"fish\"}]}]}");
        valueSet(
                "unknown",
                "\"compose\": {\"include\": [{\"system\": \"http://b\"}], \"exclude\": [{\"system\": \"http://b\","
                        + " \"concept\": [{\"code\": \"x\"}]}]}");

        assertThat(in("but")).containsExactly("animal", "mammal", "dog", "cat", "lion");
        refused("code:in=ValueSet/unknown").hasMessageContaining("all codes of \"http://b\" but some");
    }

    @Test
    void in_valueSetsOfValueSets_haveInCommonWithinAnIncludeAndTogetherBetween() {
        composed("pets", "{\"system\": \"" + ANIMALS + "\", \"concept\": [{\"code\": \"dog\"}, {\"code\": \"cat\"}]}");
        composed("cats", "{\"system\": \"" + ANIMALS + "\", \"concept\": [{\"code\": \"lion\"}, {\"code\": \"cat\"}]}");
        composed("both", "{\"valueSet\": [\"http://example.org/vs/pets\", \"http://example.org/vs/cats\"]}");
        composed(
                "any",
                "{\"valueSet\": [\"http://example.org/vs/pets\"]}, {\"valueSet\": [\"http://example.org/vs/cats\"]}");
        composed("of-system", "{\"system\": \"" + ANIMALS + "\", \"valueSet\": [\"http://example.org/vs/both\"]}");

        assertThat(in("both")).containsExactly("cat");
        assertThat(in("any")).containsExactly("dog", "cat", "lion");
        assertThat(in("of-system")).containsExactly("cat");
    }

    @Test
    void in_circleOfValueSets_isRefused() {
        composed("a", "{\"valueSet\": [\"http://example.org/vs/b\"]}");
        composed("b", "{\"valueSet\": [\"http://example.org/vs/a\"]}");

        refused("code:in=http://example.org/vs/a").hasMessageContaining("includes itself");
        refused("code:in=ValueSet/a").hasMessageContaining("includes itself");
    }

    @Test
    void in_expansion_isBelievedUnlessItIsAPart() {
        String contains = "\"contains\": [{\"system\": \"" + ANIMALS
                + "\", \"abstract\": true, \"code\": \"mammal\", \"contains\":" + " [{\"system\": \"" + ANIMALS
                + "\", \"code\": \"dog\"}]}]}";
        valueSet("expanded", "\"expansion\": {\"timestamp\": \"2024-01-01\", " + contains);
        valueSet("part", "\"expansion\": {\"timestamp\": \"2024-01-01\", \"total\": 3, " + contains);
        valueSet(
                "both",
                "\"compose\": {\"include\": [{\"system\": \"" + ANIMALS + "\", \"concept\": [{\"code\": \"cat\"}]}]},"
                        + " \"expansion\": {\"timestamp\": \"2024-01-01\", \"total\": 3, " + contains);

        assertThat(in("expanded")).containsExactly("dog");
        assertThat(in("both")).containsExactly("cat");
        refused("code:in=ValueSet/part").hasMessageContaining("lists all of its codes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"extension\": [{\"url\": \"http://hl7.org/fhir/StructureDefinition/valueset-unclosed\", \"valueBoolean\": true}], DOG",
                "\"extension\": [{\"url\": \"http://hl7.org/fhir/StructureDefinition/valueset-toocostly\", \"valueBoolean\": true}], DOG",
                "\"parameter\": [{\"name\": \"count\", \"valueInteger\": 1}], DOG",
                "\"parameter\": [{\"name\": \"offset\", \"valueInteger\": 0}], DOG",
                "\"total\": 1, \"offset\": 1, DOG",
                "\"identifier\": \"urn:x\""
            })
    void in_expansionThatMayBeAPart_isNotBelieved(String expansion) {
        String dog = "\"contains\": [{\"system\": \"" + ANIMALS + "\", \"code\": \"dog\"}]";
        String part = "\"expansion\": {\"timestamp\": \"2024-01-01\", " + expansion.replace("DOG", dog) + "}";
        valueSet("part", part);
        valueSet(
                "both",
                "\"compose\": {\"include\": [{\"system\": \"" + ANIMALS + "\", \"concept\": [{\"code\": \"cat\"}]}]}, "
                        + part);

        assertThat(in("both")).containsExactly("cat");
        refused("code:in=ValueSet/part").hasMessageContaining("lists all of its codes");
    }

    @Test
    void in_expansionThatWasCutAndSaysItHasAll_isBelieved() {
        valueSet(
                "whole",
                "\"expansion\": {\"timestamp\": \"2024-01-01\", \"total\": 1, \"offset\": 0, \"extension\":"
                        + " [{\"url\": \"http://hl7.org/fhir/StructureDefinition/valueset-unclosed\", \"valueBoolean\": false}],"
                        + " \"parameter\": [{\"name\": \"count\", \"valueInteger\": 100}], \"contains\": [{\"system\": \""
                        + ANIMALS + "\", \"code\": \"dog\"}]}");

        assertThat(in("whole")).containsExactly("dog");
    }

    @Test
    void in_withoutInactiveCodes_isRefused() {
        String include = ", \"include\": [{\"system\": \"" + ANIMALS + "\", \"concept\": [{\"code\": \"dog\"}]}]}";
        valueSet("active", "\"compose\": {\"inactive\": false" + include);
        valueSet("any", "\"compose\": {\"inactive\": true" + include);

        assertThat(in("any")).containsExactly("dog");
        refused("code:in=ValueSet/active").hasMessageContaining("compose.inactive");
    }

    @Test
    void in_conceptsOrFiltersWithoutASystem_areRefused() {
        composed("pets", "{\"system\": \"" + ANIMALS + "\", \"concept\": [{\"code\": \"dog\"}, {\"code\": \"cat\"}]}");
        String ofPets = "{\"valueSet\": [\"http://example.org/vs/pets\"], ";
        composed("concepts", ofPets + "\"concept\": [{\"code\": \"dog\"}]}");
        composed("filters", ofPets + "\"filter\": [{\"property\": \"code\", \"op\": \"=\", \"value\": \"dog\"}]}");

        refused("code:in=ValueSet/concepts").hasMessageContaining("does not say of which system");
        refused("code:in=ValueSet/filters").hasMessageContaining("does not say of which system");
    }

    @Test
    void in_manyResourcesOfOneUrl_isTheOneWrittenLast() {
        String dog = "{\"system\": \"" + ANIMALS + "\", \"concept\": [{\"code\": \"dog\"}]}";
        for (int i = 0; i < 150; i++) {
            store.put("ValueSet", "v" + i, versioned("v" + i, "1", dog));
        }
        store.writesAt(Instant.parse("2024-03-02T10:00:00Z"));
        store.put("ValueSet", "last", versioned("last", "1", dog.replace("dog", "cat")));
        assertThat(in("versioned")).containsExactly("cat");

        store.writesAt(Instant.parse("2024-03-03T10:00:00Z"));
        store.put("ValueSet", "v0", versioned("v0", "2", dog.replace("dog", "fish")));
        assertThat(in("versioned")).containsExactly("fish");
    }

    @Test
    void in_urlBelowTheOwnBase_isThatOfAResourceUnlessAValueSetHasIt() {
        composed("pets", "{\"system\": \"" + ANIMALS + "\", \"concept\": [{\"code\": \"dog\"}]}");
        assertThat(store.find("Observation", "code:in=http://me.example/fhir/ValueSet/pets"))
                .containsExactly("dog");
        refused("code:in=http://me.example/fhir/ValueSet/none").hasMessageContaining("is not kept here");

        store.put(
                "ValueSet",
                "1",
                versioned("1", "1", "{\"system\": \"" + ANIMALS + "\", \"concept\": [{\"code\": \"cat\"}]}")
                        .replace("http://example.org/vs/versioned", "http://me.example/fhir/ValueSet/pets"));
        assertThat(store.find("Observation", "code:in=http://me.example/fhir/ValueSet/pets"))
                .containsExactly("cat");
    }

    @Test
    void in_versions_areToldApartAndTheLastWrittenIsMeant() {
        String dog = "{\"system\": \"" + ANIMALS + "\", \"concept\": [{\"code\": \"dog\"}]}";
        store.put("ValueSet", "v1", versioned("v1", "1", dog));
        store.writesAt(Instant.parse("2024-03-02T10:00:00Z"));
        store.put("ValueSet", "v2", versioned("v2", "2", dog.replace("dog", "cat")));

        assertThat(in("versioned%7C1")).containsExactly("dog");
        assertThat(in("versioned%7C2")).containsExactly("cat");
        assertThat(in("versioned")).containsExactly("cat");
        refused("code:in=http://example.org/vs/versioned%7C3").hasMessageContaining("versioned|3");
    }

    private static String versioned(String id, String version, String include) {
        return "{\"resourceType\": \"ValueSet\", \"id\": \"" + id
                + "\", \"url\": \"http://example.org/vs/versioned\", \"version\": \"" + version
                + "\", \"status\": \"active\", \"compose\": {\"include\": [" + include + "]}}";
    }

    @Test
    void in_valueSetThatChanged_isTheNewOne() {
        composed("some", "{\"system\": \"" + ANIMALS + "\", \"concept\": [{\"code\": \"dog\"}]}");
        assertThat(in("some")).containsExactly("dog");

        composed("some", "{\"system\": \"" + ANIMALS + "\", \"concept\": [{\"code\": \"cat\"}]}");

        assertThat(in("some")).containsExactly("cat");
    }

    @Test
    void in_moreCodesThanAllowed_isRefusedWithTheBound() {
        String codes = IntStream.rangeClosed(0, SearchedStore.MOST_CODES)
                .mapToObj(i -> "{\"code\": \"c" + i + "\"}")
                .collect(Collectors.joining(", "));
        composed("many", "{\"system\": \"http://b\", \"concept\": [" + codes + "]}");

        refused("code:in=ValueSet/many")
                .hasMessageContaining("has 41 codes; allowed are at most 40 (search.maximumExpansion");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "code:in=ValueSet/a,ValueSet/a,ValueSet/a",
                "code:in=ValueSet/a&code:in=ValueSet/a&code:not-in=ValueSet/a",
                "code:in=ValueSet/a,ValueSet/b,ValueSet/c",
                "code:in=ValueSet/a&code:in=ValueSet/b&code:below=http://example.org/animals%7Canimal",
                "code:in=ValueSet/a&subject.gender:in=ValueSet/a&subject.gender:in=ValueSet/a",
                "code:in=ValueSet/a,ValueSet/b&has-member:Observation.code:in=ValueSet/a"
            })
    void query_ofMoreCodesTogetherThanAllowed_isRefusedWithTheBound(String query) {
        for (String id : List.of("a", "b", "c")) {
            composed(id, "{\"system\": \"http://b\", \"concept\": [" + codes(id, 18) + "]}");
        }
        assertThat(store.find("Observation", "code:in=ValueSet/a,ValueSet/b")).isEmpty();

        refused(query).hasMessageContaining("allowed are at most 40 (search.maximumExpansion");
    }

    @Test
    void chain_overTypesThatTogetherHaveTooManyCodes_isRefused() {
        composed("a", "{\"system\": \"http://b\", \"concept\": [" + codes("a", 30) + "]}");

        refused("focus.code:in=ValueSet/a").hasMessageContaining("allowed are at most 40 (search.maximumExpansion");
    }

    @Test
    void query_whoseCodesAreTooLongForTheDatabase_isRefused() {
        composed(
                "long",
                "{\"system\": \"http://b/" + "x".repeat(500_000) + "\", \"concept\": [" + codes("c", 30) + "]}");

        refused("code:in=ValueSet/long").hasMessageContaining("allowed are at most 12582912");
    }

    private static String codes(String prefix, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{\"code\": \"" + prefix + i + "\"}")
                .collect(Collectors.joining(", "));
    }

    @Test
    void in_manySmallParts_isExpandedAtOnce() {
        String many = IntStream.range(0, 5_000)
                .mapToObj(i -> "{\"system\": \"http://b\", \"concept\": [{\"code\": \"" + i + "\"}]}")
                .collect(Collectors.joining(", "));
        valueSet("many", "\"compose\": {\"include\": [" + many + "], \"exclude\": [{\"system\": \"http://b\"}]}");
        valueSet(
                "known",
                "\"compose\": {\"include\": [{\"system\": \"" + ANIMALS
                        + "\", \"concept\": [{\"code\": \"dog\"}]}, {\"valueSet\": [\"http://example.org/vs/many\"]}]}");

        assertThat(in("known")).containsExactly("dog");
    }

    @Test
    void in_whatGrowsWithoutEnd_isRefusedBeforeItsEnd() {
        composed("wide", "{\"system\": \"http://b\", \"concept\": [" + codes("c", 2000) + "]}");
        String again = IntStream.range(0, 600)
                .mapToObj(i -> "{\"valueSet\": [\"http://example.org/vs/wide\"]}")
                .collect(Collectors.joining(", "));
        composed("again", again);

        assertThatThrownBy(() -> in("again"))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.TOO_COSTLY))
                .hasMessageContaining("more than 1000000 codes");
    }

    @Test
    void in_manyFilters_shareTheirSteps() {
        store.put(
                "CodeSystem",
                "animals",
                CODE_SYSTEM.replace(
                        "\"concept\": [{\"code\": \"animal\"",
                        "\"concept\": [" + codes("c", 4000) + ", {\"code\": \"animal\""));
        String filter = "{\"property\": \"code\", \"op\": \"=\", \"value\": \"dog\"}";
        String part = "{\"system\": \"" + ANIMALS + "\", \"filter\": ["
                + String.join(", ", Collections.nCopies(100, filter)) + "]}";
        composed("few", part + ", " + part);
        composed("some", String.join(", ", Collections.nCopies(60, part)));

        assertThat(in("few")).containsExactly("dog");
        assertThatThrownBy(() -> in("some"))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.TOO_COSTLY))
                .hasMessageContaining("more than 20000000 steps");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "concept; is-a; nothing; no such code",
                "legs; is-a; 4; works on the property concept",
                "code; regex; (; no regular expression",
                "code; regex; (?=d)dog; \"?=d)dog\" cannot be read",
                "code; regex; d{2,1}; upside down"
            })
    void in_filterThatCannotBeApplied_isRefused(String property, String operator, String value, String said) {
        composed(
                "some",
                "{\"system\": \"" + ANIMALS + "\", \"filter\": [{\"property\": \"" + property + "\", \"op\": \""
                        + operator + "\", \"value\": \"" + value + "\"}]}");

        refused("code:in=ValueSet/some").hasMessageContaining("some").hasMessageContaining(said);
    }

    @Test
    void in_expressionThatIsTooLongOrTooDeep_isRefused() {
        filteredByExpression("(".repeat(4000) + "x" + ")".repeat(4000));

        refused("code:in=ValueSet/some").hasMessageContaining("it has 8001 letters; allowed are 200");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(.*a){15}b",
                "(?:(?:^){999999999}){999999999}b",
                "(?:(?:|^){999999999}){999999999}b",
                "(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)(|)$b",
                ".*(a?|b?){100}b"
            })
    void in_expressionWithManyWays_ends(String expression) {
        store.put("CodeSystem", "animals", CODE_SYSTEM.replace("\"Dog\"", "\"" + "a".repeat(60) + "!\""));
        filteredByExpression(expression);

        assertThat(in("some")).isEmpty();
    }

    private void filteredByExpression(String expression) {
        composed(
                "some",
                "{\"system\": \"" + ANIMALS
                        + "\", \"filter\": [{\"property\": \"display\", \"op\": \"regex\", \"value\": \"" + expression
                        + "\"}]}");
    }

    @Test
    void in_filterOfASystemThatIsNotStored_isRefused() {
        composed(
                "some",
                "{\"system\": \"http://b\", \"filter\": [{\"property\": \"concept\", \"op\": \"is-a\", \"value\": \"x\"}]}");

        refused("code:in=ValueSet/some").hasMessageContaining("\"http://b\", which is not kept here");
    }

    @Test
    void in_elementsOfTypeCode_haveTheSystemOfTheirBinding() {
        store.put("Patient", "m", "{\"resourceType\": \"Patient\", \"id\": \"m\", \"gender\": \"male\"}");
        store.put("Patient", "f", "{\"resourceType\": \"Patient\", \"id\": \"f\", \"gender\": \"female\"}");
        composed(
                "men",
                "{\"system\": \"http://hl7.org/fhir/administrative-gender\", \"concept\": [{\"code\": \"male\"}]}");

        assertThat(store.find("Patient", "gender:in=ValueSet/men")).containsExactly("m");
    }

    // --- where they do not work

    @Test
    void modifiers_ofWhatIsNoCode_areRefused() {
        assertThatThrownBy(() -> store.find("Patient", "identifier:in=ValueSet/x"))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.NOT_UNDERSTOOD))
                .hasMessageContaining("allowed are :not, :of-type, :missing");
    }

    @Test
    @Proves("token :in, :not-in, :above, :below without stored ValueSets and CodeSystems")
    void modifiers_withoutTheTypes_sayWhatWouldHelp() {
        assertThatThrownBy(() -> new SearchedStore("Patient").find("Patient", "gender:in=ValueSet/x"))
                .hasMessageContaining("it needs ValueSet and CodeSystem among the types that are served (fhir.types)");
    }
}
