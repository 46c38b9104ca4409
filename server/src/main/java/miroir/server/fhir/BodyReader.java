package miroir.server.fhir;

import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.json.ResourceWriter;
import miroir.index.json.Utf8Buffer;
import miroir.index.patch.FhirPathPatch;
import miroir.index.patch.JsonPatch;
import miroir.index.patch.Patch;
import miroir.index.structure.Structures;
import miroir.index.xml.ResourceXmlReader;
import miroir.server.format.Format;
import miroir.server.format.PatchFormat;
import org.bson.RawBsonDocument;

/** Reads the body of a request in the format that it says it has. */
final class BodyReader {
    private final ResourceReader json;
    private final ResourceXmlReader xml;

    BodyReader(ReadLimits limits) {
        json = new ResourceReader(Structures.r4(), limits);
        xml = new ResourceXmlReader(Structures.r4(), limits);
    }

    RawBsonDocument read(FhirRequest request, byte[] body) {
        return Format.ofBody(request.header("Content-Type")) == Format.XML ? xml.read(body) : json.read(body);
    }

    Patch readPatch(FhirRequest request, byte[] body) {
        return PatchFormat.ofBody(request.header("Content-Type")) == PatchFormat.JSON_PATCH
                ? JsonPatch.of(json.readOperations(body))
                : FhirPathPatch.of(read(request, body));
    }

    /** What a patch made, read as if a client had sent it: what may be stored has one judge. */
    RawBsonDocument readMade(RawBsonDocument made) {
        Utf8Buffer text = new Utf8Buffer(made.getByteBuffer().remaining());
        ResourceWriter.write(made, text, false);
        return json.read(text.toByteArray());
    }
}
