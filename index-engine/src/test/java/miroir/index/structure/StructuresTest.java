package miroir.index.structure;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import miroir.index.structure.TypeDefinition.Kind;
import org.junit.jupiter.api.Test;

final class StructuresTest {
    private final Structures r4 = Structures.r4();

    @Test
    void resourceTypes_areTheConcreteOnes() {
        assertThat(r4.resourceTypes())
                .hasSize(146)
                .contains("Patient", "Bundle", "Parameters", "Binary", "Device")
                .doesNotContain("Resource", "DomainResource", "MetadataResource");
    }

    @Test
    void everyElement_hasATypeThatIsThere() {
        List<String> missing = new ArrayList<>();
        for (String name : r4.typeNames()) {
            for (ElementDefinition element : type(name).elements().values()) {
                if (r4.type(element.type()) == null) {
                    missing.add(name + "." + element.name() + ": " + element.type());
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    @Test
    void resource_startsWithWhatItInherits() {
        assertThat(type("Patient").elements().keySet())
                .startsWith("id", "meta", "implicitRules", "language", "text", "contained", "extension")
                .endsWith("link");
        assertThat(type("Bundle").elements().keySet()).startsWith("id", "meta").doesNotContain("contained", "text");
        assertThat(element("Patient", "id").type()).isEqualTo("id");
        assertThat(element("Patient", "contained").type()).isEqualTo("Resource");
        assertThat(element("Bundle.entry", "resource").type()).isEqualTo("Resource");
    }

    @Test
    void backboneElement_isNamedByItsPath() {
        assertThat(element("Patient", "contact").type()).isEqualTo("Patient.contact");
        assertThat(type("Patient.contact").elements().keySet())
                .startsWith("id", "extension", "modifierExtension", "relationship");
        assertThat(type("Patient.contact").kind()).isEqualTo(Kind.COMPLEX);
    }

    @Test
    void contentReference_isResolved() {
        assertThat(element("Questionnaire.item", "item").type()).isEqualTo("Questionnaire.item");
        assertThat(element("Bundle.entry", "link").type()).isEqualTo("Bundle.link");
    }

    @Test
    void choice_standsOncePerType() {
        ElementDefinition effective = element("Observation", "effectiveDateTime");
        assertThat(effective.choice()).isEqualTo("effective");
        assertThat(effective.isChoice()).isTrue();
        assertThat(type("Observation").element("effective")).isNull();
        assertThat(element("Observation", "valueQuantity").type()).isEqualTo("Quantity");
        assertThat(type("Extension").elements()).hasSize(3 + 50);
        assertThat(element("Extension", "valueBase64Binary").type()).isEqualTo("base64Binary");
    }

    @Test
    void element_knowsItsCardinalityAndFlags() {
        assertThat(element("Observation", "status").min()).isEqualTo(1);
        assertThat(element("Observation", "status").modifier()).isTrue();
        assertThat(element("Observation", "status").summary()).isTrue();
        assertThat(element("Patient", "name").many()).isTrue();
        assertThat(element("Patient", "contact").summary()).isFalse();
    }

    @Test
    void reference_knowsItsTargets() {
        assertThat(element("PractitionerRole", "organization").targets()).containsExactly("Organization");
        assertThat(element("Observation", "focus").targets()).isEmpty();
        assertThat(element("Observation", "valueQuantity").targets()).isEmpty();
    }

    @Test
    void requiredBinding_listsItsCodes() {
        assertThat(element("Patient", "gender").codes()).containsExactly("male", "female", "other", "unknown");
        assertThat(element("HumanName", "use").codes()).contains("official", "maiden");
        assertThat(element("Patient", "gender").allowed().systems())
                .containsEntry("male", "http://hl7.org/fhir/administrative-gender")
                .hasSize(4);
        assertThat(element("SearchParameter", "base").allowed().systems())
                .as("of two systems")
                .containsEntry("Patient", "http://hl7.org/fhir/resource-types");
        assertThat(element("Patient", "language").allowed().systems()).isEmpty();
        assertThat(element("Patient", "language").codes()).isEmpty();
        assertThat(element("Attachment", "contentType").codes()).isEmpty();
        assertThat(element("SearchParameter", "base").codes()).contains("Patient", "DomainResource");
    }

    @Test
    void primitive_hasNoElementsButARegex() {
        assertThat(type("date").kind()).isEqualTo(Kind.PRIMITIVE);
        assertThat(type("date").elements()).isEmpty();
        assertThat(element("Narrative", "div").type()).isEqualTo("xhtml");
        Pattern id = Pattern.compile(requireNonNull(r4.regex("id")));
        assertThat("001-01-147").matches(id);
        assertThat(r4.regex("xhtml")).isNull();
    }

    @Test
    void unknownType_isNull() {
        assertThat(r4.type("Pateint")).isNull();
    }

    private TypeDefinition type(String name) {
        return requireNonNull(r4.type(name), name);
    }

    private ElementDefinition element(String type, String name) {
        return requireNonNull(type(type).element(name), type + "." + name);
    }
}
