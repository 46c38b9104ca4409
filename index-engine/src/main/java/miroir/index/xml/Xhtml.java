package miroir.index.xml;

import java.util.List;
import java.util.Set;
import javax.xml.stream.Location;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Narrative: a {@code div} as an element of XML, and as the text that FHIR JSON has for it.
 *
 * <p>Both ways go through the parser's events. Copying the text would be faster, but what was stored from JSON has only
 * been seen to begin with {@code <div}; put into XML as it is, it could end the document or add elements to the resource.
 * And a {@code div} that is read may have got its namespace from an element around it. So the text is composed anew: names
 * without prefix, the namespace on the {@code div}, attributes in double quotes, {@code <br/>} but {@code <p></p>}, since
 * browsers read {@code <p/>} as a start. What it says stays the same, comments included. Text that has this form already
 * comes out letter by letter.
 */
final class Xhtml {
    static final String NAMESPACE = "http://www.w3.org/1999/xhtml";

    private static final Set<String> WITHOUT_CONTENT =
            Set.of("area", "base", "br", "col", "hr", "img", "input", "link", "meta", "param");

    private final XMLStreamReader xml;
    private final StringBuilder out = new StringBuilder();
    private int depth;
    /** Whether the last start tag still waits for its end, which depends on what follows. */
    private boolean open;

    private Xhtml(XMLStreamReader xml) {
        this.xml = xml;
    }

    /** The element at whose start the reader is, up to its end. */
    static String read(XMLStreamReader xml) throws XMLStreamException {
        return new Xhtml(xml).element();
    }

    /**
     * The {@code div} of stored text, as well-formed XML. HTML's names of characters, which JSON may hold and XML does not know,
     * become the characters; a text that is not well-formed then either, a {@code div} that shows it.
     */
    static String wellFormed(String stored) {
        for (String text : List.of(stored, HtmlNames.resolved(stored))) {
            try {
                return div(text.strip());
            } catch (XMLStreamException notWellFormed) {
                // The next one may be.
            }
        }
        StringBuilder shown = new StringBuilder("<div xmlns=\"" + NAMESPACE + "\">");
        appendText(shown, stored, false);
        return shown.append("</div>").toString();
    }

    private static String div(String text) throws XMLStreamException {
        XMLStreamReader xml = XmlInput.open(text);
        xml.nextTag();
        String div = read(xml);
        while (xml.hasNext()) {
            xml.next();
        }
        return div;
    }

    /** It is well-formed, and no XHTML; what comes behind it can be read. */
    static final class Wrong extends XMLStreamException {
        private static final long serialVersionUID = 1L;

        Wrong(String message, Location where) {
            super(message, where);
        }
    }

    private String element() throws XMLStreamException {
        start();
        while (depth > 0) {
            int event = xml.next();
            if (event == XMLStreamConstants.END_ELEMENT) {
                end();
            } else if (event != XMLStreamConstants.PROCESSING_INSTRUCTION) {
                content(event);
            }
        }
        return out.toString();
    }

    private void content(int event) throws XMLStreamException {
        out.append(open ? ">" : "");
        open = false;
        switch (event) {
            case XMLStreamConstants.START_ELEMENT -> start();
            case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE ->
                appendText(out, xml.getText(), false);
            case XMLStreamConstants.COMMENT ->
                out.append("<!--").append(xml.getText()).append("-->");
            default -> throw new Wrong("only elements and text belong into XHTML", xml.getLocation());
        }
    }

    private void start() throws XMLStreamException {
        String namespace = xml.getNamespaceURI();
        if (namespace != null && !namespace.isEmpty() && !namespace.equals(NAMESPACE)) {
            throw new Wrong(
                    "the element " + xml.getLocalName() + " is in the namespace " + namespace
                            + "; allowed in narrative is " + NAMESPACE,
                    xml.getLocation());
        }
        out.append('<').append(xml.getLocalName());
        if (depth++ == 0) {
            out.append(" xmlns=\"" + NAMESPACE + "\"");
        }
        for (int i = 0; i < xml.getAttributeCount(); i++) {
            attribute(i);
        }
        open = true;
    }

    private void attribute(int index) throws XMLStreamException {
        String prefix = xml.getAttributePrefix(index);
        boolean plain = prefix == null || prefix.isEmpty();
        if (!plain && !prefix.equals("xml")) {
            throw new Wrong(
                    "the attribute " + prefix + ":" + xml.getAttributeLocalName(index) + " has no meaning in XHTML",
                    xml.getLocation());
        }
        out.append(plain ? " " : " xml:")
                .append(xml.getAttributeLocalName(index))
                .append("=\"");
        appendText(out, xml.getAttributeValue(index), true);
        out.append('"');
    }

    private void end() {
        String name = xml.getLocalName();
        depth--;
        if (open && WITHOUT_CONTENT.contains(name)) {
            out.append("/>");
        } else {
            out.append(open ? "></" : "</").append(name).append('>');
        }
        open = false;
    }

    private static void appendText(StringBuilder out, String text, boolean inAttribute) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            String reference = reference(c, inAttribute);
            if (reference.isEmpty()) {
                out.append(c);
            } else {
                out.append(reference);
            }
        }
    }

    private static String reference(char c, boolean inAttribute) {
        return switch (c) {
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            case '\r' -> "&#13;";
            case '"' -> inAttribute ? "&quot;" : "";
            case '\t' -> inAttribute ? "&#9;" : "";
            case '\n' -> inAttribute ? "&#10;" : "";
            default -> isXml(c) ? "" : "\uFFFD";
        };
    }

    private static boolean isXml(char c) {
        return c >= ' ' ? c < '\uFFFE' : c == '\t' || c == '\n';
    }
}
