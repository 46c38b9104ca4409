package miroir.server.directory;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.index.path.RawValue;
import miroir.index.value.FoldedText;
import org.jspecify.annotations.Nullable;

/**
 * An address as an envelope has it. The directory writes its lines as parts in extensions, and its city sometimes with the postal code in it: two that say the same
 * in these ways are written the same here.
 */
public record WrittenAddress(String text) {
    private static final String PART = "http://hl7.org/fhir/StructureDefinition/iso21090-ADXP-";
    private static final String NAMED_PLACE =
            "https://interop.esante.gouv.fr/ig/fhir/annuaire/StructureDefinition/as-ext-lieu-dit";

    /** In the order in which they are written. */
    private static final List<String> PARTS = List.of(
            PART + "careOf",
            PART + "additionalLocator",
            PART + "houseNumber",
            PART + "buildingNumberSuffix",
            PART + "streetNameType",
            PART + "streetNameBase",
            NAMED_PLACE,
            PART + "postBox");

    private static final Pattern SPACES = Pattern.compile("\\s+");

    /** Those of a resource that say something. */
    public static List<WrittenAddress> of(RawValue resource) {
        return resource.all("address").stream()
                .map(WrittenAddress::read)
                .filter(address -> !address.text().isEmpty())
                .toList();
    }

    private static WrittenAddress read(RawValue address) {
        String street =
                Stream.concat(lines(address).stream(), parts(address).stream()).collect(Collectors.joining(" "));
        String town = town(address.text("postalCode"), address.text("city"));
        return new WrittenAddress(
                Stream.of(tidy(street), town).filter(part -> !part.isEmpty()).collect(Collectors.joining(", ")));
    }

    private static List<String> lines(RawValue address) {
        return address.all("line").stream()
                .map(RawValue::text)
                .filter(Objects::nonNull)
                .toList();
    }

    private static List<String> parts(RawValue address) {
        List<String> parts = new ArrayList<>();
        for (RawValue line : address.all("_line")) {
            for (String url : PARTS) {
                line.all("extension").stream()
                        .filter(each -> url.equals(each.text("url")))
                        .map(each -> each.text("valueString"))
                        .filter(Objects::nonNull)
                        .forEach(parts::add);
            }
        }
        return parts;
    }

    private static String town(@Nullable String postalCode, @Nullable String city) {
        String code = postalCode == null ? "" : tidy(postalCode);
        String name = city == null ? "" : tidy(city);
        return code.isEmpty() || name.equals(code) || name.startsWith(code + " ") ? name : tidy(code + " " + name);
    }

    private static String tidy(String text) {
        return SPACES.matcher(text).replaceAll(" ").strip();
    }

    /** What is the same for all ways to write it. */
    public String substance() {
        return FoldedText.fold(text);
    }
}
