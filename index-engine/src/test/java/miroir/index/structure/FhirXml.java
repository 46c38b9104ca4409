package miroir.index.structure;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Reads bundles of definitions in FHIR's XML, one resource at a time, without the prose that makes them large. */
final class FhirXml {
    private static final Set<String> PROSE =
            Set.of("text", "differential", "mapping", "constraint", "definition", "comment", "requirements", "example");

    private FhirXml() {}

    /** An element: its name, its {@code value} (or {@code url}) attribute, what it holds. */
    record Node(String name, String value, String url, List<Node> children) {
        List<Node> all(String child) {
            return children.stream().filter(c -> c.name.equals(child)).toList();
        }

        boolean has(String child) {
            return children.stream().anyMatch(c -> c.name.equals(child));
        }

        /** The value of a child that is there at most once; empty where it is not there. */
        String text(String child) {
            List<Node> found = all(child);
            return found.isEmpty() ? "" : found.get(0).value;
        }
    }

    /** Hands over every resource of a bundle on the class path. */
    static void forEachResource(String name, Consumer<Node> consumer) {
        try (InputStream in = FhirXml.class.getResourceAsStream(name)) {
            XMLInputFactory factory = XMLInputFactory.newInstance();
            factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
            XMLStreamReader reader = factory.createXMLStreamReader(in);
            boolean expected = false;
            while (reader.hasNext()) {
                if (reader.next() == XMLStreamConstants.START_ELEMENT) {
                    if (expected) {
                        consumer.accept(node(reader));
                    }
                    expected = !expected
                            && reader.isStartElement()
                            && reader.getLocalName().equals("resource");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (XMLStreamException e) {
            throw new IllegalStateException(name, e);
        }
    }

    private static Node node(XMLStreamReader reader) throws XMLStreamException {
        String name = reader.getLocalName();
        Node node = new Node(name, attribute(reader, "value"), attribute(reader, "url"), new ArrayList<>());
        while (reader.next() != XMLStreamConstants.END_ELEMENT) {
            if (reader.isStartElement()) {
                if (PROSE.contains(reader.getLocalName())) {
                    skip(reader);
                } else {
                    node.children.add(node(reader));
                }
            }
        }
        return node;
    }

    private static void skip(XMLStreamReader reader) throws XMLStreamException {
        int depth = 1;
        while (depth > 0) {
            int event = reader.next();
            depth += event == XMLStreamConstants.START_ELEMENT ? 1 : event == XMLStreamConstants.END_ELEMENT ? -1 : 0;
        }
    }

    private static String attribute(XMLStreamReader reader, String name) {
        String value = reader.getAttributeValue(null, name);
        return value == null ? "" : value;
    }
}
