package miroir.index.registry;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import miroir.index.SearchParameterType;
import miroir.index.yaml.ConfigurationRefused;
import org.junit.jupiter.api.Test;

final class RegistryLoaderTest {
    private static final Set<String> TYPES = Set.of("Organization", "Device");

    /** A file with one parameter, the lines of which begin at line 5. */
    private static String parameter(String type, String... lines) {
        return "resources:\n  - name: " + type + "\n    searchParams:\n      - name: "
                + String.join("\n        ", Arrays.asList(lines)) + "\n";
    }

    @Test
    void standardParameters_areAlwaysThere() {
        SearchParameterRegistry registry = load();
        assertThat(registry.types()).containsExactlyInAnyOrder("Organization", "Device");
        assertThat(find(registry, "Organization", "name").expression())
                .isEqualTo("Organization.name | Organization.alias");
        assertThat(registry.find("Patient", "name")).isNull();
    }

    @Test
    void declaration_saysEverythingOfAParameter() {
        SearchParameter parameter = find(
                load(parameter(
                        "[Organization]",
                        "head",
                        "urlParameter: head-of",
                        "searchType: reference",
                        "resourcePaths: [{path: partOf}, (endpoint)]",
                        "indexName: t_head",
                        "index: false",
                        "sort: true",
                        "targets: [Organization, Endpoint]",
                        "description: \"Above\\n  and around\"",
                        "definition: http://x.org/head")),
                "Organization",
                "head-of");
        assertThat(parameter)
                .isEqualTo(new SearchParameter(
                        "Organization",
                        "head-of",
                        SearchParameterType.REFERENCE,
                        "Organization.partOf | (Organization.endpoint)",
                        "head",
                        false,
                        true,
                        "Above and around",
                        "http://x.org/head",
                        List.of("Organization", "Endpoint"),
                        List.of(),
                        "a.yaml:4"));
    }

    @Test
    void description_inTwoLanguages_isBoth() {
        SearchParameter parameter = find(
                load(parameter(
                        "Organization",
                        "head",
                        "searchType: reference",
                        "resourcePaths: [partOf]",
                        "description: {en: Above · it, fr: Au-dessus}")),
                "Organization",
                "head");

        assertThat(parameter.description()).isEqualTo("Above · it");
        assertThat(parameter.french()).isEqualTo("Au-dessus");
    }

    @Test
    void declaration_ofAStandardNameReplacesIt() {
        SearchParameter name = find(
                load(parameter("Organization", "name", "searchType: string", "resourcePaths: [Organization.alias]")),
                "Organization",
                "name");
        assertThat(name.expression()).isEqualTo("Organization.alias");
        assertThat(name.origin()).isEqualTo("a.yaml:4");
    }

    @Test
    void declaration_ofAStandardNameKeepsWhatItDoesNotSay() {
        SearchParameter organization = find(
                load(parameter("Device", "organization", "searchType: reference", "resourcePaths: [owner]")),
                "Device",
                "organization");
        assertThat(organization.targets()).containsExactly("Organization");
        assertThat(organization.description()).isEqualTo("The organization responsible for the device");
        assertThat(organization.definition()).isEmpty();
    }

    @Test
    void declaration_ofATypeThatIsNotServedIsLeftOut() {
        SearchParameterRegistry registry =
                load(parameter("[Patient, Device]", "x", "searchType: token", "resourcePaths: [identifier]"));
        assertThat(registry.find("Device", "x")).isNotNull();
        assertThat(registry.of("Patient")).isEmpty();
    }

    @Test
    void declaration_isIndexedUnlessItSaysOtherwise() {
        String lists = "indexes:\n  default: {index: [name]}\n";
        SearchParameterRegistry registry =
                load(lists, parameter("Device", "x", "searchType: token", "resourcePaths: [identifier]"));
        assertThat(find(registry, "Device", "x").indexed()).isTrue();
        assertThat(find(registry, "Device", "identifier").indexed()).isFalse();
        assertThat(find(registry, "Organization", "name").indexed()).isTrue();
    }

    @Test
    void lists_ofATypeTakeThePlaceOfTheDefault() {
        SearchParameterRegistry registry = load(
                "indexes:\n  default: {index: [identifier], sort: [status]}\n  Organization: {index: all, sort: [name]}\n");
        assertThat(registry.of("Organization")).allMatch(SearchParameter::indexed);
        assertThat(find(registry, "Organization", "name").sortable()).isTrue();
        assertThat(find(registry, "Device", "identifier").indexed()).isTrue();
        assertThat(find(registry, "Device", "type").indexed()).isFalse();
        assertThat(find(registry, "Device", "status").sortable()).isTrue();
    }

    @Test
    void unknownType_isRefused() {
        refused(
                "a.yaml:2: resources[0].name: \"Organisation\" is not a resource type of FHIR R4; did you mean"
                        + " \"Organization\"?",
                parameter("Organisation", "x", "searchType: token", "resourcePaths: [identifier]"));
        refused(
                "a.yaml:2: indexes.Devise: \"Devise\" is not a resource type of FHIR R4; did you mean \"Device\"?",
                "indexes:\n  Devise: {index: all}\n");
    }

    @Test
    void unknownKey_isRefused() {
        refused(
                "a.yaml:5: resources[0].searchParams[0].urlParametr: unknown key; did you mean \"urlParameter\"? Allowed are"
                        + " name, urlParameter, searchType, resourcePaths, indexName, index, sort, text, computed,"
                        + " targets, description, definition",
                parameter("Device", "x", "urlParametr: y"));
        refused(
                "a.yaml:1: resource: unknown key; did you mean \"resources\"? Allowed are resources, indexes",
                "resource: []\n");
        refused(
                "a.yaml:2: indexes.Device.indexed: unknown key; did you mean \"index\"? Allowed are index, sort, text",
                "indexes:\n  Device: {indexed: all}\n");
    }

    @Test
    void load_searchTypeThatIsNone_isRefused() {
        refused(
                "a.yaml:5: resources[0].searchParams[0].searchType: \"tokn\" is not known; did you mean \"token\"? Allowed"
                        + " are number, date, string, token, reference, composite, quantity, uri, special",
                parameter("Device", "x", "searchType: tokn", "resourcePaths: [identifier]"));
        refused(
                "a.yaml:5: resources[0].searchParams[0].searchType: a composite is declared as a FHIR SearchParameter, in a"
                        + " .json file",
                parameter("Device", "x", "searchType: composite", "resourcePaths: [identifier]"));
    }

    @Test
    void missingKey_isRefused() {
        refused(
                "a.yaml:4: resources[0].searchParams[0]: the key \"resourcePaths\" is missing",
                parameter("Device", "x", "searchType: token"));
        refused(
                "a.yaml:6: resources[0].searchParams[0].resourcePaths: at least one path is needed",
                parameter("Device", "x", "searchType: token", "resourcePaths: []"));
    }

    @Test
    void twoParametersWithOneName_areRefused() {
        String one = parameter("Device", "x", "searchType: token", "resourcePaths: [identifier]");
        refused("b.yaml:4: resources[0].searchParams[0]: Device.x is declared already at a.yaml:4", one, one);
    }

    @Test
    void nameThatCannotBeOne_isRefused() {
        refused(
                "a.yaml:4: resources[0].searchParams[0].name: \"a:b\" cannot name a parameter: at most 63 letters, digits and hyphens are"
                        + " allowed",
                parameter("Device", "'a:b'", "searchType: token", "resourcePaths: [identifier]"));
        refused(
                "a.yaml:4: resources[0].searchParams[0].name: \"_sort\" has its own meaning in FHIR's queries; choose another"
                        + " name",
                parameter("Device", "_sort", "searchType: token", "resourcePaths: [identifier]"));
    }

    @Test
    void indexNameThatIsTaken_isRefused() {
        refused(
                "a.yaml:4: resources[0].searchParams[0]: the field t_type-value is written by Device.type (FHIR R4) too; choose"
                        + " another indexName",
                parameter("Device", "kind", "searchType: token", "resourcePaths: [status]", "indexName: t_type"));
        refused(
                "a.yaml:4: resources[0].searchParams[0]: the field t_type-value is written by Device.type (FHIR R4) too; choose"
                        + " another indexName",
                parameter("Device", "type-value", "searchType: string", "resourcePaths: [type.text]"));
        refused(
                "a.yaml:4: resources[0].searchParams[0]: the field t_id is written by Device._id (FHIR R4) too; choose another"
                        + " indexName",
                parameter("Device", "id", "searchType: string", "resourcePaths: [id]"));
        refused(
                "a.yaml:7: resources[0].searchParams[0].indexName: \"t_a.b\" cannot name a field: letters, digits and single"
                        + " hyphens are allowed",
                parameter("Device", "x", "searchType: token", "resourcePaths: [type]", "indexName: t_a.b"));
    }

    @Test
    void declaration_thatWritesTheTuplesOfAComposite_isRefused() {
        String text = parameter(
                "Observation", "code-value-concept-tuple", "searchType: uri", "resourcePaths: [implicitRules]");
        List<ConfigurationText> files = List.of(new ConfigurationText("a.yaml", text));
        assertThatExceptionOfType(ConfigurationRefused.class)
                .isThrownBy(() -> RegistryLoader.load(Set.of("Observation"), files))
                .withMessageContaining("t_code-value-concept-tuple is written by Observation.code-value-concept");
    }

    @Test
    void whatTheServerKeepsItself_cannotBeDeclaredOtherwise() {
        refused(
                "a.yaml:4: resources[0].searchParams[0]: _id is kept by the server: its searchType stays token, its indexName"
                        + " id",
                parameter("Device", "_id", "searchType: string", "resourcePaths: [id]"));
        assertThat(load(parameter("Device", "_id", "searchType: token", "resourcePaths: [id]", "indexName: t_id"))
                        .find("Device", "_id"))
                .isNotNull();
    }

    @Test
    void pathThatIsNotUnderstood_isRefused() {
        refused(
                "a.yaml:7: resources[0].searchParams[0].resourcePaths[0]: at character 13 of \"Device.type.lower()\": the"
                        + " function lower() is not understood; allowed are where, exists, empty, not, hasValue, as, is,"
                        + " ofType, extension, resolve, first",
                parameter("Device", "x", "searchType: token", "resourcePaths:", "  - path: type.lower()"));
        refused(
                "a.yaml:6: resources[0].searchParams[0].resourcePaths[0]: at character 13 of \"Device.type..x\": \".\" is not"
                        + " understood here",
                parameter("Device", "x", "searchType: token", "resourcePaths: [type..x]"));
    }

    @Test
    void pathThatSelectsNothing_isRefused() {
        refused(
                "a.yaml:6: resources[0].searchParams[0].resourcePaths[0]: at character 30 of \"Organization.contact.telecom.rang\":"
                        + " rang is not an element of ContactPoint; allowed are extension, id, period, rank, system, use,"
                        + " value",
                parameter("Organization", "x", "searchType: number", "resourcePaths: [contact.telecom.rang]"));
        assertThatExceptionOfType(ConfigurationRefused.class)
                .isThrownBy(() ->
                        load(parameter("Device", "changed", "searchType: date", "resourcePaths: [meta|lastUpdated]")))
                .withMessageContaining("lastUpdated is not an element of Device; allowed are ")
                .withMessageEndingWith(" (steps of a path are separated by \".\", alternatives by \"|\")");
    }

    @Test
    void pathThatSelectsWhatTheSearchTypeCannotUse_isRefused() {
        refused(
                "a.yaml:4: resources[0].searchParams[0]: \"Device.type\" selects CodeableConcept, in which a parameter of type"
                        + " date finds nothing; it finds something in Period, Timing, date, dateTime, instant",
                parameter("Device", "x", "searchType: date", "resourcePaths: [type]"));
    }

    @Test
    void keyThatDoesNotSuitTheType_isRefused() {
        refused(
                "a.yaml:7: resources[0].searchParams[0].targets: only a parameter of type reference has targets",
                parameter("Device", "x", "searchType: token", "resourcePaths: [type]", "targets: [Device]"));
        refused(
                "a.yaml:7: resources[0].searchParams[0].text: only a parameter of type token has display texts",
                parameter("Device", "x", "searchType: string", "resourcePaths: [lotNumber]", "text: true"));
        refused(
                "a.yaml:7: resources[0].searchParams[0].computed: only a parameter of type token can be computed",
                parameter(
                        "Device",
                        "x",
                        "searchType: string",
                        "resourcePaths: [lotNumber]",
                        "computed: department-of-postal-code"));
        refused(
                "a.yaml:7: resources[0].searchParams[0].computed: \"departement\" is not known; allowed are"
                        + " department-of-postal-code",
                parameter("Device", "x", "searchType: token", "resourcePaths: [lotNumber]", "computed: departement"));
    }

    @Test
    void listThatNamesNoParameter_isRefused() {
        assertThatExceptionOfType(ConfigurationRefused.class)
                .isThrownBy(() -> load("indexes:\n  Device:\n    index: [identifer]\n"))
                .withMessageStartingWith(
                        "a.yaml:3: indexes.Device.index: Device has no parameter \"identifer\"; did you mean"
                                + " \"identifier\"? Allowed are ");
        refused(
                "b.yaml:1: indexes.Device: stands already at a.yaml:2",
                "indexes:\n  Device: {index: all}\n",
                "indexes: {Device: {index: all}}\n");
    }

    private static SearchParameterRegistry load(String... texts) {
        List<ConfigurationText> files = new ArrayList<>();
        for (String text : texts) {
            files.add(new ConfigurationText((char) ('a' + files.size()) + ".yaml", text));
        }
        return RegistryLoader.load(TYPES, files);
    }

    private static SearchParameter find(SearchParameterRegistry registry, String type, String code) {
        return requireNonNull(registry.find(type, code), code);
    }

    private static void refused(String message, String... texts) {
        assertThatExceptionOfType(ConfigurationRefused.class)
                .isThrownBy(() -> load(texts))
                .withMessage(message);
    }
}
