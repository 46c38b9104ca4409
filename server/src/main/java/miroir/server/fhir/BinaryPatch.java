package miroir.server.fhir;

import java.util.Base64;
import miroir.index.Refusal;
import miroir.server.format.PatchFormat;
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

    private static String text(RawBsonDocument binary, String name) {
        BsonValue value = binary.get(name, new BsonString(""));
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
