package miroir.server.fhir;

import java.util.Map;
import java.util.Optional;
import miroir.index.Refusal;
import miroir.index.json.BundleLimits;
import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.json.ResourceWriter;
import miroir.index.json.Utf8Buffer;
import miroir.index.patch.FhirPathPatch;
import miroir.index.patch.JsonPatch;
import miroir.index.patch.Patch;
import miroir.index.structure.Structures;
import miroir.index.xml.ReadBundle;
import miroir.index.xml.ResourceXmlReader;
import miroir.server.bundle.BundleEntry;
import miroir.server.format.ContentType;
import miroir.server.format.Format;
import miroir.server.format.PatchFormat;
import org.bson.RawBsonDocument;

/** Reads the body of a request in the format that it says it has. */
final class BodyReader {
    private final ResourceReader json;
    private final ResourceXmlReader xml;
    private final BundleLimits bundleLimits;
    private final ResourceReader jsonBundle;
    private final ResourceXmlReader xmlBundle;
    private final int mostBytes;

    /**
     * Reads what is within limits.
     *
     * @param mostOfABundle how many bytes a bundle may have, whose resources have the same limit as others
     * @param mostEntries how many entries it may have
     */
    BodyReader(ReadLimits limits, int mostOfABundle, int mostEntries) {
        ReadLimits ofBundle = new ReadLimits(mostOfABundle, limits.maxDepth());
        bundleLimits = BundleLimits.of(mostEntries, mostOfABundle);
        mostBytes = limits.maxBytes();
        json = new ResourceReader(Structures.r4(), limits);
        xml = new ResourceXmlReader(Structures.r4(), limits);
        jsonBundle = new ResourceReader(Structures.r4(), ofBundle);
        xmlBundle = new ResourceXmlReader(Structures.r4(), ofBundle);
    }

    /** The body of a request, or what stands in its place in a bundle, where it has been checked. */
    RawBsonDocument read(FhirRequest request, byte[] body) {
        RawBsonDocument ofEntry = request.resource();
        return ofEntry == null ? readBody(request, body) : ofEntry;
    }

    /** What is to be stored: a resource, or, where that is what was sent, the Binary that holds it. */
    RawBsonDocument readWritten(FhirRequest request, byte[] body) {
        boolean isOfBinary = request.resource() == null && request.key().type().equals(BinaryContent.TYPE);
        if (!isOfBinary) {
            return read(request, body);
        }
        String contentType = request.header("Content-Type");
        if (contentType == null || isBinary(contentType, body)) {
            BinaryContent.refuseSecurityContext(request);
            return read(request, body);
        }
        return readContent(request, body, contentType.strip());
    }

    /** Who says only that it is JSON or XML may send any; FHIR's own names are for resources, which may be others than Binaries. */
    private boolean isBinary(String contentType, byte[] body) {
        Optional<Format> format = Format.mayBeOf(contentType);
        if (format.isEmpty()) {
            return false;
        }
        try {
            return type(format.get(), body).equals(BinaryContent.TYPE);
        } catch (Refusal notRead) {
            if (format.get().isNamedBy(contentType)) {
                throw notRead;
            }
            return false;
        }
    }

    private String type(Format format, byte[] body) {
        return format == Format.XML
                ? xml.type(body)
                : json.readUnchecked(body).getString("resourceType").getValue();
    }

    private RawBsonDocument readContent(FhirRequest request, byte[] body, String contentType) {
        if (!ContentType.isOne(contentType)) {
            throw new Refusal(
                    Refusal.Reason.UNSUPPORTED_MEDIA_TYPE,
                    "the Content-Type \"" + Refusal.shown(contentType)
                            + "\" is none; allowed: type/subtype, with parameters, in up to 255 characters");
        }
        long length = BinaryContent.lengthOf(body);
        if (length > mostBytes) {
            throw new Refusal(
                    Refusal.Reason.TOO_LARGE,
                    "the content has " + length + " bytes in base64, as it is stored; allowed are " + mostBytes
                            + " (limits.body in server.yaml)");
        }
        RawBsonDocument binary = BinaryContent.holding(request, body, contentType);
        json.check(binary);
        return binary;
    }

    /** What was sent, whose structure is not checked yet where it is JSON. */
    RawBsonDocument readSent(FhirRequest request, byte[] body) {
        boolean isXml = Format.ofBody(request.header("Content-Type")) == Format.XML;
        return isXml ? xml.read(body) : json.readUnchecked(body);
    }

    private RawBsonDocument readBody(FhirRequest request, byte[] body) {
        return Format.ofBody(request.header("Content-Type")) == Format.XML ? xml.read(body) : json.read(body);
    }

    Patch readPatch(FhirRequest request, byte[] body) {
        RawBsonDocument ofEntry = request.resource();
        if (ofEntry != null) {
            return isJsonPatch(ofEntry)
                    ? JsonPatch.of(json.readOperations(BinaryPatch.read(ofEntry)))
                    : FhirPathPatch.of(ofEntry);
        }
        return PatchFormat.ofBody(request.header("Content-Type")) == PatchFormat.JSON_PATCH
                ? JsonPatch.of(json.readOperations(body))
                : FhirPathPatch.of(read(request, body));
    }

    /**
     * A bundle, whose resources are not checked yet: those of a batch may be wrong each for itself. XML is read by the tables of
     * structures, so some of that is found at once, and kept for the entry.
     */
    ReadBundle readBundle(FhirRequest request, byte[] body) {
        boolean isXml = Format.ofBody(request.header("Content-Type")) == Format.XML;
        return isXml
                ? xmlBundle.readBundle(body, bundleLimits)
                : new ReadBundle(jsonBundle.readBundle(body, bundleLimits), Map.of());
    }

    /** Returns if the resource that an entry of a bundle sends, if it does, is one that could be sent by itself. */
    void check(BundleEntry entry) {
        RawBsonDocument resource = entry.resource();
        if (resource == null) {
            return;
        }
        if (entry.fault() != null) {
            throw entry.fault();
        }
        int bytes = resource.getByteBuffer().remaining();
        if (bytes > mostBytes) {
            throw new Refusal(
                    Refusal.Reason.TOO_LARGE,
                    "the resource has " + bytes + " bytes; allowed are " + mostBytes + " (limits.body in server.yaml)",
                    entry.path() + ".resource");
        }
        json.check(resource);
    }

    /** Returns if no JSON Patch refers to another entry of a transaction: what is no FHIR is not rewritten. */
    void refusePlaceholders(BundleEntry entry) {
        RawBsonDocument resource = entry.resource();
        if (entry.method().equals("PATCH") && resource != null && isJsonPatch(resource)) {
            BinaryPatch.refusePlaceholders(json.readOperations(BinaryPatch.read(resource)), entry);
        }
    }

    private static boolean isJsonPatch(RawBsonDocument ofEntry) {
        return ofEntry.getString("resourceType").getValue().equals(BinaryContent.TYPE);
    }

    /** Returns if a resource, or what is left of a bundle without its resources, has the right structure. */
    void check(RawBsonDocument resource) {
        json.check(resource);
    }

    /** What a patch made, read as if a client had sent it: what may be stored has one judge. */
    RawBsonDocument readMade(RawBsonDocument made) {
        Utf8Buffer text = new Utf8Buffer(made.getByteBuffer().remaining());
        ResourceWriter.write(made, text, false);
        return json.read(text.toByteArray());
    }
}
