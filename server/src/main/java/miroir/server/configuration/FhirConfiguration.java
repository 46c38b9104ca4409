package miroir.server.configuration;

import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import miroir.index.structure.ServedTypes;
import miroir.server.format.Format;

/**
 * What is served.
 *
 * @param types the resource types
 * @param allTypes whether that is every type of R4, whose indexes are then made on first use
 * @param zone of dates and times that have none
 * @param mostDeleted how many resources one conditional delete may delete
 * @param display whether answers have labels beside codes unless they are asked for without
 * @param format of answers where the client does not say which
 */
public record FhirConfiguration(
        Set<String> types, boolean allTypes, ZoneId zone, int mostDeleted, boolean display, Format format) {
    static final List<String> KEYS = List.of("types", "zone", "conditionalDelete", "display", "format");
    static final List<String> CHANGEABLE = List.of("display", "format");

    static FhirConfiguration read(ConfigurationFile file) {
        Section section = file.section("fhir", KEYS, CHANGEABLE);
        String types = String.join(",", section.texts("types", ServedTypes.DIRECTORY));
        return new FhirConfiguration(
                types(types, file),
                types.equals(ServedTypes.ALL),
                section.parsed("zone", "Europe/Paris", ZoneId::of, "a time zone, such as Europe/Paris"),
                section.unless("conditionalDelete", "single", most -> most.integer(2, 1000))
                        .orElse(1),
                section.bool("display", false),
                section.choice("format", Format.JSON));
    }

    private static Set<String> types(String text, ConfigurationFile file) {
        try {
            return ServedTypes.of(text);
        } catch (IllegalArgumentException unknown) {
            throw file.refuse("fhir.types: " + unknown.getMessage());
        }
    }
}
