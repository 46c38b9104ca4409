package miroir.server.reports;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.index.path.RawValue;
import org.jspecify.annotations.Nullable;

/**
 * By what people know a resource.
 *
 * @param identifier the business identifier that is known best: RPPS, FINESS, or what there is
 */
record Known(@Nullable String name, @Nullable String identifier) {
    /** Types of identifiers, the best known first. */
    private static final List<String> TYPES =
            List.of("RPPS", "FINEG", "FINEJ", "SIRET", "SIREN", "IDNST", "IDNPS", "ADELI");

    static Known of(RawValue resource) {
        return new Known(name(resource), identifier(resource));
    }

    private static @Nullable String identifier(RawValue resource) {
        return resource.all("identifier").stream()
                .filter(identifier -> identifier.text("value") != null)
                .min(Comparator.comparingInt(Known::rank))
                .map(identifier -> identifier.text("value"))
                .orElse(null);
    }

    private static int rank(RawValue identifier) {
        RawValue type = identifier.get("type");
        return type == null
                ? TYPES.size()
                : type.all("coding").stream()
                        .map(coding -> TYPES.indexOf(String.valueOf(coding.text("code"))))
                        .filter(rank -> rank >= 0)
                        .min(Comparator.naturalOrder())
                        .orElse(TYPES.size());
    }

    /** Organizations have one name, people a list of them, devices others again. */
    private static @Nullable String name(RawValue resource) {
        String plain = resource.text("name");
        if (plain != null) {
            return plain;
        }
        return Stream.concat(
                        resource.all("name").stream().map(Known::ofPerson),
                        resource.all("deviceName").stream().map(name -> name.text("name")))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static @Nullable String ofPerson(RawValue name) {
        String parts = Stream.concat(name.all("given").stream(), name.all("family").stream())
                .map(RawValue::text)
                .filter(Objects::nonNull)
                .collect(Collectors.joining(" "));
        return parts.isEmpty() ? name.text("text") : parts;
    }
}
