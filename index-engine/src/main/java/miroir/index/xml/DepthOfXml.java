package miroir.index.xml;

import static javax.xml.stream.XMLStreamConstants.END_ELEMENT;
import static javax.xml.stream.XMLStreamConstants.START_ELEMENT;

import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.util.StreamReaderDelegate;

/** A reader that knows in how many elements it is, so that it can leave them all. */
final class DepthOfXml extends StreamReaderDelegate {
    private int depth;

    DepthOfXml(XMLStreamReader reader) {
        super(reader);
    }

    @Override
    public int next() throws XMLStreamException {
        int event = super.next();
        if (event == START_ELEMENT) {
            depth++;
        } else if (event == END_ELEMENT) {
            depth--;
        }
        return event;
    }

    /** In how many elements it is; behind an end tag, without that one. */
    int depth() {
        return depth;
    }

    /** Goes on to the end tag behind which it is in so many elements. */
    void leaveTo(int outer) throws XMLStreamException {
        while (depth > outer) {
            next();
        }
    }
}
