package miroir.server.fhir;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;

/**
 * Makes references to our own resources relative before they are stored: {@code http://localhost:8080/fhir/Organization/1}
 * would be somebody else's under any other name of this server. Most resources have none, and one look at their bytes shows
 * that.
 */
final class OwnReferences {
    private static final Pattern LOCAL =
            Pattern.compile("[A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64}(/_history/[A-Za-z0-9.-]{1,64})?");

    private static final BsonString BUNDLE = new BsonString("Bundle");

    private final String prefix;
    private final byte[] base;

    private OwnReferences(String base) {
        this.prefix = base + "/";
        this.base = prefix.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The resource with relative references, itself where nothing changes. What stands in a Bundle refers to what has a
     * {@code fullUrl} there, so it stays as it is, wherever the Bundle stands.
     *
     * @param bases the URLs under which this server's resources are, without a slash at their ends
     */
    static RawBsonDocument relative(RawBsonDocument fhir, List<String> bases) {
        RawBsonDocument relative = fhir;
        for (String base : bases) {
            relative = relative(relative, base);
        }
        return relative;
    }

    private static RawBsonDocument relative(RawBsonDocument fhir, String base) {
        OwnReferences references = new OwnReferences(base);
        if (!references.mayStandIn(fhir.getByteBuffer().asNIO()) || isBundle(fhir)) {
            return fhir;
        }
        return new RawBsonDocument(references.relative("", fhir), new BsonDocumentCodec());
    }

    private boolean mayStandIn(ByteBuffer bson) {
        for (int at = bson.position(); at <= bson.limit() - base.length; at++) {
            if (bson.get(at) == base[0] && standsAt(bson, at)) {
                return true;
            }
        }
        return false;
    }

    private boolean standsAt(ByteBuffer bson, int at) {
        for (int i = 1; i < base.length; i++) {
            if (bson.get(at + i) != base[i]) {
                return false;
            }
        }
        return true;
    }

    private BsonDocument relative(String name, BsonDocument document) {
        boolean reference = isReference(name, document);
        BsonDocument changed = new BsonDocument();
        document.forEach((key, value) -> changed.put(
                key,
                reference && key.equals("reference") && value.isString()
                        ? relative(value.asString())
                        : relative(key, value)));
        return changed;
    }

    /** R4 has three URIs of the same name: in DetectedIssue, in Expression (which has a language), in Immunization.education. */
    private static boolean isReference(String name, BsonDocument document) {
        return !name.equals("education") && !document.containsKey("language") && !document.containsKey("resourceType");
    }

    private static boolean isBundle(BsonDocument document) {
        return BUNDLE.equals(document.get("resourceType"));
    }

    private BsonValue relative(String name, BsonValue value) {
        if (value.isDocument()) {
            return isBundle(value.asDocument()) ? value : relative(name, value.asDocument());
        }
        if (value.isArray()) {
            return new BsonArray(value.asArray().stream()
                    .map(element -> relative(name, element))
                    .toList());
        }
        return value;
    }

    private BsonString relative(BsonString reference) {
        String url = reference.getValue();
        String local = url.startsWith(prefix) ? url.substring(prefix.length()) : "";
        return LOCAL.matcher(local).matches() ? new BsonString(local) : reference;
    }
}
