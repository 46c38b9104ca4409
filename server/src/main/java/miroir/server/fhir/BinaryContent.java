package miroir.server.fhir;

import java.util.Base64;
import java.util.regex.Pattern;
import miroir.index.Refusal;
import miroir.index.json.Utf8Buffer;
import miroir.server.format.ContentType;
import miroir.server.pipeline.SecurityHeaders;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;

/**
 * A Binary as what it holds, in its own media type, on the way in and on the way out. What anybody stored comes from our origin
 * then: besides what {@link SecurityHeaders} forbid to every answer, a browser saves it unless it is of a type that
 * cannot run.
 */
final class BinaryContent {
    static final String TYPE = "Binary";

    private static final String SECURITY_CONTEXT = "X-Security-Context";
    private static final Pattern PRINTABLE = Pattern.compile("[\\x21-\\x7E]{1,2000}");

    private BinaryContent() {}

    /** The answer to a read, with the content in place of the resource where that is what is asked for. */
    static Answer ifWanted(FhirRequest request, Answer answer) {
        if (!(answer.body() instanceof Answer.OneResource found)) {
            return answer;
        }
        String stored = text(found.fhir(), "contentType");
        String type = ContentType.isOne(stored) ? stored : ContentType.UNKNOWN;
        return request.isForContent(type) ? of(answer, found.fhir(), type) : answer;
    }

    private static Answer of(Answer answer, RawBsonDocument binary, String type) {
        Answer content = answer.holding(new Answer.Content(type, text(binary, "data")))
                .with(SecurityHeaders.POLICY, SecurityHeaders.SANDBOX);
        if (!ContentType.isShown(type)) {
            content = content.with("Content-Disposition", "attachment");
        }
        String context = binary.get("securityContext") instanceof BsonDocument found ? text(found, "reference") : "";
        return PRINTABLE.matcher(context).matches() ? content.with(SECURITY_CONTEXT, context) : content;
    }

    /** FHIR allows white space in base64. */
    static Utf8Buffer bytes(Answer.Content content) {
        byte[] decoded = Base64.getMimeDecoder().decode(content.base64());
        Utf8Buffer bytes = new Utf8Buffer(decoded.length);
        bytes.putBytes(decoded);
        return bytes;
    }

    /** The Binary that holds this body, whose structure is not checked yet. */
    static RawBsonDocument holding(FhirRequest request, byte[] body, String contentType) {
        BsonDocument binary = new BsonDocument("resourceType", new BsonString(TYPE));
        if (!request.key().id().isEmpty()) {
            binary.append("id", new BsonString(request.key().id()));
        }
        binary.append("contentType", new BsonString(contentType));
        String context = request.header(SECURITY_CONTEXT);
        if (context != null) {
            binary.append("securityContext", new BsonDocument("reference", new BsonString(checked(context))));
        }
        if (body.length > 0) {
            binary.append("data", new BsonString(Base64.getEncoder().encodeToString(body)));
        }
        return new RawBsonDocument(binary, new BsonDocumentCodec());
    }

    /** How long the content is in the resource. */
    static long lengthOf(byte[] body) {
        return (body.length + 2L) / 3 * 4;
    }

    /** Refuses the header beside a resource, which says so itself. */
    static void refuseSecurityContext(FhirRequest request) {
        if (request.header(SECURITY_CONTEXT) != null) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    SECURITY_CONTEXT
                            + " is for a body that is the content of a Binary; this one is a Binary, which has the element"
                            + " securityContext");
        }
    }

    private static String checked(String context) {
        if (!PRINTABLE.matcher(context).matches()) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    SECURITY_CONTEXT + ": \"" + Refusal.shown(context)
                            + "\" is no reference; allowed is one such as Patient/1, in up to 2000 characters");
        }
        return context;
    }

    private static String text(BsonDocument document, String name) {
        return document.get(name) instanceof BsonString text ? text.getValue() : "";
    }
}
