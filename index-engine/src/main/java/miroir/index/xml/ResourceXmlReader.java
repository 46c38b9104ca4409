package miroir.index.xml;

import java.nio.charset.StandardCharsets;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import miroir.index.Refusal;
import miroir.index.Refusal.Reason;
import miroir.index.json.BundleLimits;
import miroir.index.json.ReadLimits;
import miroir.index.json.StructureCheck;
import miroir.index.json.Utf8Fault;
import miroir.index.structure.Structures;
import org.bson.RawBsonDocument;

/**
 * Reads FHIR XML into the BSON that is stored, which is the same that FHIR JSON with elements in the order of their
 * definition becomes. It is as strict as the reader of JSON. Thread-safe.
 */
public final class ResourceXmlReader {
    private final StructureCheck structureCheck;
    private final ReadLimits limits;

    public ResourceXmlReader(Structures structures, ReadLimits limits) {
        this.structureCheck = new StructureCheck(structures);
        this.limits = limits;
    }

    /** The resource as BSON, or a {@link Refusal}. A byte-order mark at the start is passed over. */
    public RawBsonDocument read(byte[] xml) {
        RawBsonDocument resource = read(text(xml));
        structureCheck.check(resource);
        return resource;
    }

    /** A bundle, each of whose entries may have a wrong resource for itself; nothing else of its structure is checked. */
    public ReadBundle readBundle(byte[] xml, BundleLimits bundle) {
        String text = text(xml);
        try {
            return new XmlToBson(XmlInput.open(text), structureCheck, text.length(), limits.maxDepth())
                    .readBundle(bundle);
        } catch (XMLStreamException e) {
            throw invalid(e);
        }
    }

    /** The type that the outermost element names, whatever stands in it; empty where it is none of FHIR's. */
    public String type(byte[] xml) {
        try {
            XMLStreamReader reader = XmlInput.open(text(xml));
            while (reader.next() != XMLStreamConstants.START_ELEMENT) {
                // What may stand before it says nothing.
            }
            return ResourceXmlWriter.NAMESPACE.equals(reader.getNamespaceURI()) ? reader.getLocalName() : "";
        } catch (XMLStreamException e) {
            throw invalid(e);
        }
    }

    private String text(byte[] xml) {
        if (xml.length > limits.maxBytes()) {
            throw new Refusal(
                    Reason.TOO_LARGE, "the resource has " + xml.length + " bytes; allowed are " + limits.maxBytes());
        }
        int fault = Utf8Fault.find(xml);
        if (fault >= 0) {
            throw new Refusal(
                    Reason.INVALID,
                    String.format("byte 0x%02X at offset %d is not UTF-8; allowed is XML in UTF-8", xml[fault], fault));
        }
        String text = new String(xml, StandardCharsets.UTF_8);
        if (text.isBlank()) {
            throw new Refusal(Reason.INVALID, "the body is empty; allowed is one resource in XML");
        }
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private RawBsonDocument read(String text) {
        try {
            return new XmlToBson(XmlInput.open(text), structureCheck, text.length(), limits.maxDepth()).read();
        } catch (XMLStreamException e) {
            throw invalid(e);
        }
    }

    private static Refusal invalid(XMLStreamException fault) {
        return new Refusal(Reason.INVALID, "not valid XML: " + XmlInput.message(fault));
    }
}
