package miroir.server.directory;

import java.util.List;
import miroir.index.path.RawValue;
import miroir.index.value.FoldedText;
import org.jspecify.annotations.Nullable;

/**
 * A secure mailbox (MSSanté) of a resource; phones and ordinary mail are none.
 *
 * @param kind PER, ORG, APP or CAB of TRE_R257, where it is said
 * @param digitization whether it takes what was scanned
 */
public record Mailbox(
        String address,
        @Nullable String kind,
        @Nullable String description,
        @Nullable String service,
        @Nullable String digitization) {
    private static final String MESSAGING =
            "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-contact-point-email-type";
    private static final String METADATA =
            "https://interop.esante.gouv.fr/ig/fhir/annuaire/StructureDefinition/as-ext-mailbox-mss-metadata";
    private static final String SECURE = "MSSANTE";

    /** Those of a resource. */
    public static List<Mailbox> of(RawValue resource) {
        return resource.all("telecom").stream()
                .filter(Mailbox::isSecure)
                .map(Mailbox::read)
                .toList();
    }

    private static boolean isSecure(RawValue telecom) {
        RawValue messaging = extension(telecom, MESSAGING);
        RawValue coding = messaging == null ? null : messaging.get("valueCoding");
        return coding != null && SECURE.equals(coding.text("code")) && telecom.text("value") != null;
    }

    private static Mailbox read(RawValue telecom) {
        RawValue metadata = extension(telecom, METADATA);
        return new Mailbox(
                String.valueOf(telecom.text("value")),
                metadata == null ? null : kind(extension(metadata, "type")),
                text(metadata, "description"),
                text(metadata, "service"),
                truth(metadata, "digitization"));
    }

    private static @Nullable String kind(@Nullable RawValue type) {
        RawValue concept = type == null ? null : type.get("valueCodeableConcept");
        return concept == null
                ? null
                : concept.all("coding").stream()
                        .map(coding -> coding.text("code"))
                        .findFirst()
                        .orElse(null);
    }

    private static @Nullable String text(@Nullable RawValue metadata, String url) {
        RawValue found = metadata == null ? null : extension(metadata, url);
        return found == null ? null : found.text("valueString");
    }

    private static @Nullable String truth(@Nullable RawValue metadata, String url) {
        RawValue found = metadata == null ? null : extension(metadata, url);
        RawValue value = found == null ? null : found.get("valueBoolean");
        Boolean truth = value == null ? null : value.truth();
        return truth == null ? null : truth.toString();
    }

    private static @Nullable RawValue extension(RawValue of, String url) {
        for (RawValue each : of.all("extension")) {
            if (url.equals(each.text("url"))) {
                return each;
            }
        }
        return null;
    }

    /** What is the same for all ways to write the address. */
    public String folded() {
        return FoldedText.fold(address);
    }
}
