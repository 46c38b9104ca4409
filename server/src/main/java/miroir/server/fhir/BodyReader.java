package miroir.server.fhir;

import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.structure.Structures;
import miroir.index.xml.ResourceXmlReader;
import miroir.server.format.Format;
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
}
