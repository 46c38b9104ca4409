package miroir.server.fhir;

import java.util.Base64;
import miroir.index.Refusal;
import miroir.server.bundle.BundleEntry;
import miroir.server.bundle.Placeholders;
import miroir.server.format.PatchFormat;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;

/** A JSON Patch in a bundle, where it stands in a Binary. */
final class BinaryPatch {
    private BinaryPatch() {}

    /** The text of the patch. */
    static byte[] read(RawBsonDocument binary) {
        String contentType = text(binary, "contentType");
        if (PatchFormat.ofBody(contentType) != PatchFormat.JSON_PATCH) {
            throw refused("a Binary of " + Refusal.shown(contentType), "Binary.contentType");
        }
        try {
            return Base64.getMimeDecoder().decode(text(binary, "data"));
        } catch (IllegalArgumentException e) {
            throw refused("data that is no base64", "Binary.data");
        }
    }

    /** Refuses references to entries that have no other name than in the bundle: only what is FHIR is rewritten. */
    static void refusePlaceholders(BsonValue patch, BundleEntry entry) {
        if (patch.isDocument() && !text(patch.asDocument(), "op").equals("test")) {
            patch.asDocument().forEach((name, value) -> {
                boolean isReference = name.equals("reference")
                        || (name.equals("value")
                                && text(patch.asDocument(), "path").endsWith("/reference"));
                if (isReference
                        && value.isString()
                        && Placeholders.isNameInABundle(value.asString().getValue())) {
                    throw new Refusal(
                            Refusal.Reason.INVALID,
                            "a JSON Patch refers to \""
                                    + Refusal.shown(value.asString().getValue())
                                    + "\", and only references in resources and in Parameters become those of what entries are"
                                    + " stored as; allowed here are references to what is stored, or a FHIRPath Patch",
                            entry.path() + ".resource");
                }
                refusePlaceholders(value, entry);
            });
        } else if (patch.isArray()) {
            patch.asArray().forEach(value -> refusePlaceholders(value, entry));
        }
    }

    private static String text(BsonDocument document, String name) {
        BsonValue value = document.get(name, new BsonString(""));
        return value.isString() ? value.asString().getValue() : "";
    }

    private static Refusal refused(String what, String path) {
        return new Refusal(
                Refusal.Reason.INVALID,
                "a patch in a bundle is " + what + "; allowed: a Binary of " + PatchFormat.JSON_PATCH_TYPE
                        + ", or Parameters",
                path);
    }
}
