package miroir.server.format;

import java.util.List;
import miroir.index.Refusal;
import org.jspecify.annotations.Nullable;

/** The languages that a patch can be written in. */
public enum PatchFormat {
    /** JSON Patch, RFC 6902. */
    JSON_PATCH,
    /** FHIRPath Patch: a Parameters resource, in either format of resources. */
    FHIRPATH_PATCH;

    /** The media type of JSON Patch. */
    public static final String JSON_PATCH_TYPE = "application/json-patch+json";

    /** Their media types, as {@code Accept-Patch} names them. */
    public static final String ACCEPTED = String.join(", ", accepted());

    private static final String XML_PATCH_TYPE = "application/xml-patch+xml";

    /** The media types of patches, one by one. */
    public static List<String> accepted() {
        return List.of(JSON_PATCH_TYPE, Format.JSON.mediaType(), Format.XML.mediaType());
    }

    /** The language of a body with that {@code Content-Type}, or a {@link Refusal}. */
    public static PatchFormat ofBody(@Nullable String contentType) {
        MediaType type = MediaType.parse(contentType == null ? "" : contentType);
        Format.checkParameters(type);
        if (type.name().equals(JSON_PATCH_TYPE)) {
            return JSON_PATCH;
        }
        if (type.name().equals(XML_PATCH_TYPE)) {
            throw new Refusal(Refusal.Reason.UNSUPPORTED_MEDIA_TYPE, "XML Patch is not offered; allowed: " + ACCEPTED);
        }
        if (Format.of(type.name()).isEmpty()) {
            throw Format.unknown(contentType, ACCEPTED);
        }
        return FHIRPATH_PATCH;
    }
}
