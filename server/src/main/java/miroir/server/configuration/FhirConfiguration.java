package miroir.server.configuration;

import java.time.ZoneId;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import miroir.index.NearestName;
import miroir.index.structure.Structures;
import miroir.index.yaml.YamlNode;

/**
 * What is served.
 *
 * @param types the resource types
 * @param allTypes whether that is every type of R4, whose indexes are then made on first use
 * @param zone of dates and times that have none
 */
public record FhirConfiguration(Set<String> types, boolean allTypes, ZoneId zone) {
    static final List<String> KEYS = List.of("types", "zone");

    private static final List<String> DIRECTORY =
            List.of("Practitioner", "PractitionerRole", "Organization", "HealthcareService", "Device");

    static FhirConfiguration read(YamlNode file) {
        Section section = Section.of(file, "fhir", KEYS);
        String types = String.join(",", section.texts("types"));
        return new FhirConfiguration(
                types(types, file),
                types.equals("all"),
                section.parsed("zone", ZoneId.of("Europe/Paris"), ZoneId::of, "a time zone, such as Europe/Paris"));
    }

    private static Set<String> types(String text, YamlNode file) {
        return switch (text) {
            case "", "directory" -> new LinkedHashSet<>(DIRECTORY);
            case "all" -> Structures.r4().resourceTypes();
            default -> named(text, file);
        };
    }

    private static Set<String> named(String text, YamlNode file) {
        Set<String> known = Structures.r4().resourceTypes();
        Set<String> named = new LinkedHashSet<>();
        for (String type : Arrays.stream(text.split(",", -1)).map(String::strip).toList()) {
            if (!known.contains(type)) {
                throw file.refuse("fhir.types: \"" + type + "\" is not directory, all or a resource type; "
                        + NearestName.hint(type, List.copyOf(known)));
            }
            named.add(type);
        }
        return named;
    }
}
