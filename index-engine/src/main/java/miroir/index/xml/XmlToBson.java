package miroir.index.xml;

import static javax.xml.stream.XMLStreamConstants.CDATA;
import static javax.xml.stream.XMLStreamConstants.CHARACTERS;
import static javax.xml.stream.XMLStreamConstants.COMMENT;
import static javax.xml.stream.XMLStreamConstants.DTD;
import static javax.xml.stream.XMLStreamConstants.END_DOCUMENT;
import static javax.xml.stream.XMLStreamConstants.END_ELEMENT;
import static javax.xml.stream.XMLStreamConstants.PROCESSING_INSTRUCTION;
import static javax.xml.stream.XMLStreamConstants.SPACE;
import static javax.xml.stream.XMLStreamConstants.START_ELEMENT;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import miroir.index.Refusal;
import miroir.index.Refusal.Reason;
import miroir.index.json.BundleLimits;
import miroir.index.json.CheckedType;
import miroir.index.json.CheckedType.Slot;
import miroir.index.json.ElementPath;
import miroir.index.json.Primitive;
import miroir.index.json.RawBson;
import miroir.index.json.RawBsonOutput;
import miroir.index.json.Shortened;
import miroir.index.json.StructureCheck;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * One reading of one XML text: events in, BSON out, with the path and the line at hand for whatever is wrong.
 *
 * <p>What is an array, a number, an attribute or a resource cannot be seen in XML, so the reading follows the tables of
 * the types. It refuses what has no place in BSON or would get lost there: unknown elements and attributes, other
 * namespaces, text between elements, elements out of order or twice. Everything else, such as a missing element or a date
 * that does not exist, is left to the check of structure, which both formats pass.
 */
final class XmlToBson {
    private static final String SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance";

    private static final Pattern RESOURCE_OF_ENTRY = Pattern.compile("Bundle\\.entry\\[([0-9]+)\\]\\.resource");

    /** Narratives nest deeper than elements may, and no newer parser of the JDK follows them further. */
    private static final int MOST_DEEP = 100;

    private final DepthOfXml xml;
    private final StructureCheck tables;
    private final int maxDepth;
    private final ElementPath path = new ElementPath();
    private RawBsonOutput out;

    /** Of resources in entries of a bundle, by entry; null: one that is wrong is a fault of the whole. */
    private @Nullable Map<Integer, Refusal> faults;

    private @Nullable BundleLimits bundle;

    XmlToBson(XMLStreamReader xml, StructureCheck tables, int length, int maxDepth) {
        this.xml = new DepthOfXml(xml, MOST_DEEP);
        this.tables = tables;
        this.maxDepth = maxDepth;
        this.out = new RawBsonOutput(length + 64);
    }

    /** Reads the whole text. */
    RawBsonDocument read() {
        try {
            checkDeclaration();
            nextTag();
            resource(1);
            while (xml.next() != END_DOCUMENT) {
                // The parser lets only comments and processing instructions stand here.
            }
            return out.toDocument();
        } catch (XMLStreamException e) {
            throw refuse(e);
        }
    }

    /** Reads the whole text; resources in entries of a bundle may be wrong. */
    ReadBundle readBundle(BundleLimits limits) {
        Map<Integer, Refusal> found = new HashMap<>();
        faults = found;
        bundle = limits;
        return new ReadBundle(read(), found);
    }

    private void checkDeclaration() {
        String encoding = xml.getCharacterEncodingScheme();
        if (encoding != null && !encoding.equalsIgnoreCase("UTF-8")) {
            throw refuse(
                    Reason.INVALID, "the XML declaration says " + Shortened.quote(encoding) + "; allowed is UTF-8");
        }
        String version = xml.getVersion();
        if (version != null && !version.equals("1.0")) {
            throw refuse(
                    Reason.INVALID,
                    "the XML declaration says version " + Shortened.quote(version) + "; allowed is 1.0");
        }
    }

    private void resource(int depth) throws XMLStreamException {
        String name = xml.getLocalName();
        checkNamespace(ResourceXmlWriter.NAMESPACE);
        CheckedType type = tables.resourceType(name);
        if (type == null) {
            throw refuse(
                    Reason.UNPROCESSABLE,
                    Shortened.quote(name) + " is not a resource type; " + tables.nearestResourceType(name));
        }
        if (depth == 1) {
            path.root(name);
        }
        checkAttributes("a resource has none", attribute -> false);
        int start = out.open();
        putText("resourceType", name);
        children(type, nextTag(), depth);
        out.close(start);
    }

    private void object(CheckedType type, int depth) throws XMLStreamException {
        String allowed = type.isExtension() ? "allowed are id and url" : "allowed is id";
        checkAttributes(
                allowed, attribute -> attribute.equals("id") || (attribute.equals("url") && type.isExtension()));
        int start = out.open();
        putText("id", xml.getAttributeValue(null, "id"));
        putText("url", xml.getAttributeValue(null, "url"));
        children(type, nextTag(), depth);
        out.close(start);
    }

    private void putText(String name, @Nullable String text) {
        if (text != null) {
            int typeAt = out.element(name);
            out.type(typeAt, XmlValue.string(out, text));
        }
    }

    /** Reads the elements up to the end tag; {@code first} is the first tag, which has been met. */
    private void children(CheckedType type, int first, int depth) throws XMLStreamException {
        ElementGroup group = null;
        for (int tag = first; tag == START_ELEMENT; tag = nextTag()) {
            Slot slot = slot(type);
            path.enter(slot.element().name());
            checkOrder(type, group, slot);
            if (group == null || !group.isOf(slot)) {
                end(group);
                group = new ElementGroup(slot, out);
            }
            occurrence(group, depth);
            path.leave();
        }
        end(group);
    }

    private static void end(@Nullable ElementGroup group) {
        if (group != null) {
            group.end();
        }
    }

    private Slot slot(CheckedType type) {
        String name = xml.getLocalName();
        Slot slot = type.slot(name);
        if (slot == null || slot.extensions() || type.isAttribute(slot.element())) {
            throw refuse(
                    Reason.UNPROCESSABLE,
                    type.name() + " has no element " + Shortened.quote(name) + " in XML; "
                            + type.allowedInsteadOf(name));
        }
        checkNamespace(slot.primitive() == Primitive.XHTML ? Xhtml.NAMESPACE : ResourceXmlWriter.NAMESPACE);
        return slot;
    }

    private void checkNamespace(String allowed) {
        String namespace = String.valueOf(xml.getNamespaceURI());
        if (!namespace.equals(allowed)) {
            throw refuse(
                    Reason.UNPROCESSABLE,
                    "the element " + Shortened.quote(xml.getLocalName()) + " is in "
                            + (xml.getNamespaceURI() == null
                                    ? "no namespace"
                                    : "the namespace " + Shortened.quote(namespace))
                            + "; allowed is " + allowed);
        }
    }

    private void checkOrder(CheckedType type, @Nullable ElementGroup before, Slot slot) {
        if (before == null || slot.number() > before.slot().number()) {
            return;
        }
        String name = slot.element().name();
        String last = before.slot().element().name();
        if (slot.number() < before.slot().number()) {
            throw refuse(
                    Reason.UNPROCESSABLE,
                    name + " stands behind " + last
                            + "; the elements of FHIR XML have the order of their definition, in which " + name
                            + " comes before " + last);
        }
        if (!before.isOf(slot)) {
            throw refuse(
                    Reason.UNPROCESSABLE,
                    "both " + last + " and " + name + " are present; allowed is one form of "
                            + type.name(slot.number()));
        }
        if (!slot.element().many()) {
            throw refuse(Reason.UNPROCESSABLE, name + " occurs twice; it does not repeat");
        }
    }

    private void occurrence(ElementGroup group, int depth) throws XMLStreamException {
        Slot slot = group.slot();
        boolean many = slot.element().many();
        if (many) {
            path.index(group.size());
        }
        if (bundle != null
                && path.depth() == 1
                && group.size() >= bundle.maxEntries()
                && slot.element().name().equals("entry")) {
            throw refuse(Reason.TOO_LARGE, bundle.tooMany());
        }
        group.begin();
        Primitive primitive = slot.primitive();
        if (primitive == Primitive.XHTML) {
            group.value(XmlValue.string(out, Xhtml.read(xml)));
        } else if (primitive != null) {
            primitive(group, primitive, depth + (many ? 2 : 1));
        } else {
            int below = deeper(depth, many ? 2 : 1);
            group.value(RawBson.DOCUMENT);
            if (slot.element().type().equals("Resource")) {
                wrappedOrFault(below);
            } else {
                object(tables.type(slot.element().type()), below);
            }
        }
    }

    /** What is wrong in a resource of an entry ends with it, since the next one is found by its tags. */
    private void wrappedOrFault(int depth) throws XMLStreamException {
        Matcher entry = faults == null ? null : RESOURCE_OF_ENTRY.matcher(path.toString());
        if (faults == null || entry == null || !entry.matches()) {
            wrapped(depth);
            return;
        }
        RawBsonOutput around = out;
        int start = out.size();
        int outside = xml.depth() - 1;
        int levels = path.depth();
        try {
            readWrapped(depth);
        } catch (Refusal refused) {
            faults.put(Integer.parseInt(entry.group(1)), refused);
            xml.leaveTo(outside);
            path.leaveTo(levels);
            out = around;
            out.rewind(start);
            int empty = out.open();
            putText("resourceType", "Basic");
            out.close(empty);
        }
    }

    private void readWrapped(int depth) throws XMLStreamException {
        try {
            wrapped(depth);
        } catch (Xhtml.Wrong wrong) {
            throw refuse(wrong);
        }
    }

    /** A resource inside of an element that has nothing else. */
    private void wrapped(int depth) throws XMLStreamException {
        checkAttributes("an element around a resource has none", attribute -> false);
        if (nextTag() != START_ELEMENT) {
            throw refuse(Reason.UNPROCESSABLE, "the element is empty; allowed is one resource");
        }
        resource(depth);
        if (nextTag() == START_ELEMENT) {
            throw refuse(
                    Reason.UNPROCESSABLE,
                    "a second resource, " + Shortened.quote(xml.getLocalName()) + "; allowed is one in each element");
        }
    }

    private void primitive(ElementGroup group, Primitive primitive, int depth) throws XMLStreamException {
        checkAttributes("allowed are value and id", attribute -> attribute.equals("value") || attribute.equals("id"));
        String value = xml.getAttributeValue(null, "value");
        if (value == null) {
            group.value(RawBson.NULL);
        } else {
            byte type = XmlValue.put(out, primitive, value);
            if (type == XmlValue.NONE) {
                throw refuse(
                        Reason.UNPROCESSABLE,
                        Shortened.quote(value) + " cannot be kept exactly; " + primitive.allowed()
                                + " of at most 34 significant digits");
            }
            group.value(type);
        }
        RawBsonOutput beside = beside(depth);
        if (beside != null) {
            group.beside(beside);
        } else if (value == null) {
            throw refuse(
                    Reason.UNPROCESSABLE,
                    "neither a value nor extensions; allowed is value=\"…\", an extension, or both");
        }
    }

    /** The id and the extensions of a primitive, or null. */
    private @Nullable RawBsonOutput beside(int depth) throws XMLStreamException {
        String id = xml.getAttributeValue(null, "id");
        int tag = nextTag();
        if (id == null && tag != START_ELEMENT) {
            return null;
        }
        RawBsonOutput around = out;
        out = new RawBsonOutput(64);
        int start = out.open();
        putText("id", id);
        children(tables.type("Element"), tag, deeper(depth, 0));
        out.close(start);
        RawBsonOutput beside = out;
        out = around;
        return beside;
    }

    private int deeper(int depth, int more) {
        if (depth + more > maxDepth) {
            throw refuse(
                    Reason.TOO_LARGE,
                    "objects and arrays are nested more than " + maxDepth + " deep, which is the limit");
        }
        return depth + more;
    }

    private void checkAttributes(String allowed, Predicate<String> known) {
        for (int i = 0; i < xml.getAttributeCount(); i++) {
            String namespace = xml.getAttributeNamespace(i);
            String name = xml.getAttributeLocalName(i);
            boolean plain = namespace == null || namespace.isEmpty();
            boolean hint = SCHEMA_INSTANCE.equals(namespace) && name.equals("schemaLocation");
            if (!hint && !(plain && known.test(name))) {
                throw refuse(
                        Reason.UNPROCESSABLE,
                        "the attribute " + Shortened.quote(name) + " has no meaning here; " + allowed);
            }
        }
    }

    /** The next start or end tag; between them is nothing but space, comments and processing instructions. */
    private int nextTag() throws XMLStreamException {
        while (true) {
            int event = xml.next();
            switch (event) {
                case SPACE, COMMENT, PROCESSING_INSTRUCTION -> {}
                case CHARACTERS, CDATA -> {
                    if (!xml.isWhiteSpace()) {
                        throw refuse(
                                Reason.UNPROCESSABLE,
                                "the text " + Shortened.quote(xml.getText().strip())
                                        + " between tags; in FHIR XML values are attributes, such as <status value=\"final\"/>");
                    }
                }
                case DTD -> throw refuse(Reason.INVALID, "document types are not allowed (<!DOCTYPE …>)");
                case START_ELEMENT, END_ELEMENT -> {
                    return event;
                }
                default ->
                    throw refuse(
                            Reason.INVALID,
                            "between tags is what the parser calls event " + event
                                    + "; allowed are space, comments and processing instructions");
            }
        }
    }

    private Refusal refuse(XMLStreamException fault) {
        return new Refusal(Reason.INVALID, "not valid XML: " + XmlInput.message(fault) + where(fault), path.toString());
    }

    private Refusal refuse(Reason reason, String message) {
        return new Refusal(
                reason,
                message + " (line " + xml.getLocation().getLineNumber() + ", column "
                        + xml.getLocation().getColumnNumber() + ")",
                path.toString());
    }

    private static String where(XMLStreamException e) {
        return e.getLocation() == null
                ? ""
                : " (line " + e.getLocation().getLineNumber() + ", column "
                        + e.getLocation().getColumnNumber() + ")";
    }
}
