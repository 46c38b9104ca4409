package miroir.index.registry;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import miroir.index.ComputedValue;
import miroir.index.IndexKey;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import miroir.index.SearchParameterType;
import miroir.index.structure.Structures;
import org.junit.jupiter.api.Test;

/** What the shipped configuration says, and that it is whole. */
final class ShippedSearchTest {
    private static final Set<String> DIRECTORY =
            Set.of("Organization", "Practitioner", "PractitionerRole", "Device", "HealthcareService");

    private final Set<String> all = Structures.r4().resourceTypes();
    private final SearchParameterRegistry registry = RegistryLoader.load(all, ShippedSearch.files());

    @Test
    void names_areTheFilesOfTheFolder() throws IOException {
        Path folder = Path.of(System.getProperty("miroir.root", ".."), "conf", "search");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()).sorted())
                    .containsExactlyElementsOf(ShippedSearch.NAMES);
        }
    }

    @Test
    void directoryCapabilities_areCovered() throws IOException {
        JsonNode statement = new ObjectMapper()
                .readTree(getClass()
                        .getResourceAsStream("/directory/ig-capabilitystatement-AsServerDPCapabilityStatement.json"));
        int parameters = 0;
        for (JsonNode resource : statement.path("rest").path(0).path("resource")) {
            for (JsonNode expected : resource.path("searchParam")) {
                String type = resource.path("type").asText();
                String code = expected.path("name").asText();
                SearchParameter parameter = requireNonNull(registry.find(type, code), type + "." + code);
                assertThat(parameter.searchType().code())
                        .as("%s.%s", type, code)
                        .isEqualTo(expected.path("type").asText());
                assertThat(parameter.indexed()).as("%s.%s", type, code).isTrue();
                parameters++;
            }
        }
        assertThat(parameters).isEqualTo(16 + 10 + 14 + 10 + 11);
    }

    @Test
    void directoryTypes_haveEveryIndex() {
        assertThat(DIRECTORY)
                .allSatisfy(type -> assertThat(registry.of(type))
                        .allSatisfy(parameter -> assertThat(parameter.indexed()).isTrue()));
    }

    /** Those of each parameter, and those of each order. Those of the store come on top: TypeIndexesTest. */
    @Test
    void indexes_haveRoomForEveryType() {
        TreeMap<String, Integer> counts = new TreeMap<>();
        for (String type : all) {
            counts.put(
                    type,
                    registry.of(type).stream()
                            .mapToInt(ShippedSearchTest::indexes)
                            .sum());
        }
        assertThat(counts.values()).allSatisfy(count -> assertThat(count).isBetween(3, IndexKey.AT_MOST));
        assertThat(all).allSatisfy(type -> assertThat(registry.leftOut(type)).isEmpty());
        assertThat(counts).containsKeys("Observation", "Patient").hasSize(146);
    }

    private static int indexes(SearchParameter parameter) {
        int keys = parameter.indexed() ? IndexKey.of(parameter).size() : 0;
        return keys + (parameter.sortable() ? IndexKey.ofSorting(parameter).size() : 0);
    }

    @Test
    void usualParameters_areIndexedOnOtherTypes() {
        assertThat(indexed("Patient")).contains("identifier", "family", "given", "birthdate");
        assertThat(indexed("Observation"))
                .contains("identifier", "patient", "subject", "code", "date", "status", "encounter", "value-quantity")
                .doesNotContain("combo-code", "component-value-quantity");
    }

    @Test
    void department_isComputedFromThePostalCode() {
        SearchParameter department = requireNonNull(registry.find("Organization", "address-department"));
        assertThat(department.computed()).isEqualTo(ComputedValue.DEPARTMENT_OF_POSTAL_CODE);
        assertThat(department.expression()).isEqualTo("Organization.address.postalCode");
        assertThat(department.searchType()).isEqualTo(SearchParameterType.TOKEN);
        assertThat(department.origin()).startsWith("conf/search/organization.yaml:");
    }

    @Test
    void declaredParameters_areTold() {
        for (String type : DIRECTORY) {
            assertThat(registry.of(type))
                    .allSatisfy(parameter -> assertThat(parameter.description()).isNotBlank());
        }
    }

    private List<String> indexed(String type) {
        return registry.of(type).stream()
                .filter(SearchParameter::indexed)
                .map(SearchParameter::code)
                .toList();
    }
}
