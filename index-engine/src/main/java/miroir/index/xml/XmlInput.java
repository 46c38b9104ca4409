package miroir.index.xml;

import java.io.StringReader;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * The JDK's XML parser, whatever else is on the class path, with document types and everything external switched off. A
 * factory is made for each text: it costs a microsecond, and a shared one would hold on to the text that it saw last.
 */
final class XmlInput {
    private XmlInput() {}

    static XMLStreamReader open(String text) throws XMLStreamException {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        return factory.createXMLStreamReader(new StringReader(text));
    }

    /** What the parser says of a fault, without the place, which it says twice, and without its keys. */
    static String message(XMLStreamException fault) {
        String text = String.valueOf(fault.getMessage());
        int said = text.indexOf("Message: ");
        String message = said < 0 ? text : text.substring(said + "Message: ".length());
        return message.substring(
                message.indexOf('#') < 0 || !message.startsWith("http") ? 0 : message.indexOf('#') + 1);
    }
}
