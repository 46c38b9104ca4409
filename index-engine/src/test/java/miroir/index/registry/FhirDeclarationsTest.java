package miroir.index.registry;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Set;
import miroir.index.SearchParameter;
import miroir.index.SearchParameter.Component;
import miroir.index.SearchParameterRegistry;
import miroir.index.SearchParameterType;
import miroir.index.yaml.ConfigurationRefused;
import org.junit.jupiter.api.Test;

final class FhirDeclarationsTest {
    private static final Set<String> TYPES = Set.of("Organization", "Observation");

    @Test
    void resource_isReadByItsElements() {
        SearchParameter parameter = find(load("""
                {"resourceType": "SearchParameter", "url": "http://x.org/alias", "name": "Alias", "status": "active",
                 "description": "Other name", "code": "alias", "base": ["Organization", "Patient"], "type": "string",
                 "expression": "Patient.name.text | Organization.alias"}"""), "Organization", "alias");
        assertThat(parameter.expression()).isEqualTo("Organization.alias");
        assertThat(parameter.searchType()).isEqualTo(SearchParameterType.STRING);
        assertThat(parameter.definition()).isEqualTo("http://x.org/alias");
        assertThat(parameter.description()).isEqualTo("Other name");
        assertThat(parameter.indexed()).isTrue();
        assertThat(parameter.origin()).isEqualTo("p.json:1");
    }

    @Test
    void bundle_isReadEntryByEntry() {
        SearchParameterRegistry registry = load("""
                {"resourceType": "Bundle", "type": "collection", "entry": [{"resource":
                {"resourceType": "SearchParameter", "code": "a", "base": ["Resource"], "type": "uri",
                 "expression": "Resource.implicitRules"}}]}""");
        assertThat(find(registry, "Observation", "a").expression()).isEqualTo("Observation.implicitRules");
        assertThat(find(registry, "Organization", "a").origin()).isEqualTo("p.json:1");
    }

    @Test
    void composite_namesItsPartsByTheirDefinition() {
        SearchParameter parameter = find(load("""
                {"resourceType": "SearchParameter", "code": "code-date", "base": ["Observation"], "type": "composite",
                 "expression": "Observation", "component": [
                 {"definition": "http://hl7.org/fhir/SearchParameter/clinical-code", "expression": "code"},
                 {"definition": "http://hl7.org/fhir/SearchParameter/clinical-date", "expression": "effective"}]}"""), "Observation", "code-date");
        assertThat(parameter.components())
                .containsExactly(
                        new Component("code", SearchParameterType.TOKEN, "code"),
                        new Component("date", SearchParameterType.DATE, "effective"));
    }

    @Test
    void whatIsNotUnderstood_isRefused() {
        refused(
                "p.json:1: resourceType: \"Patient\" is not read here; allowed are SearchParameter, Bundle",
                "{\"resourceType\": \"Patient\"}");
        refused(
                "p.json:1: the key \"expression\" is missing",
                "{\"resourceType\": \"SearchParameter\", \"code\": \"a\"}");
        refused(
                "p.json:2: base[0]: \"Organisation\" is not a resource type of FHIR R4; did you mean \"Organization\"?",
                "{\"resourceType\": \"SearchParameter\", \"expression\": \"name\",\n\"base\": [\"Organisation\"]}");
        refused(
                "p.json:1: expression: no part of the expression selects anything of Organization",
                "{\"resourceType\": \"SearchParameter\", \"expression\": \"Patient.name\", \"base\": [\"Organization\"],"
                        + " \"code\": \"a\", \"type\": \"string\"}");
        refused(
                "p.json:2: expression: at character 14 of \"Organization.nom\": nom is not an element of Organization; allowed"
                        + " are active, address, alias, contact, contained, endpoint, extension, id, identifier,"
                        + " implicitRules, language, meta, modifierExtension, name, partOf, telecom, text, type",
                "{\"resourceType\": \"SearchParameter\", \"base\": [\"Organization\"], \"code\": \"a\", \"type\": \"string\","
                        + "\n\"expression\": \"Organization.nom\"}");
        refused(
                "p.json:1: type: a composite needs components",
                "{\"resourceType\": \"SearchParameter\", \"expression\": \"Organization\", \"base\": [\"Organization\"],"
                        + " \"code\": \"a\", \"type\": \"composite\"}");
        refused(
                "p.json:2: component[0].definition: no parameter of Organization has this definition",
                "{\"resourceType\": \"SearchParameter\", \"expression\": \"Organization\", \"base\": [\"Organization\"],"
                        + " \"code\": \"a\", \"type\": \"composite\",\n\"component\": [{\"definition\": \"http://x\","
                        + " \"expression\": \"name\"}]}");
        assertThatExceptionOfType(ConfigurationRefused.class)
                .isThrownBy(() -> load("{\"resourceType\": \"SearchParameter\",\n\"expresion\": \"name\"}"))
                .withMessageStartingWith(
                        "p.json:2: expresion: unknown element; did you mean \"expression\"? Allowed are ");
    }

    private static SearchParameterRegistry load(String text) {
        return RegistryLoader.load(TYPES, List.of(new ConfigurationText("p.json", text)));
    }

    private static SearchParameter find(SearchParameterRegistry registry, String type, String code) {
        return requireNonNull(registry.find(type, code), code);
    }

    private static void refused(String message, String text) {
        assertThatExceptionOfType(ConfigurationRefused.class)
                .isThrownBy(() -> load(text))
                .withMessage(message);
    }
}
