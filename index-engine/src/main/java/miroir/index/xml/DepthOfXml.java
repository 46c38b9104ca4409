package miroir.index.xml;

import static javax.xml.stream.XMLStreamConstants.END_ELEMENT;
import static javax.xml.stream.XMLStreamConstants.START_ELEMENT;

import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.util.StreamReaderDelegate;
import miroir.index.Refusal;

/** A reader that knows in how many elements it is, so that it can leave them all, and is never in too many: the parser keeps something of each. */
final class DepthOfXml extends StreamReaderDelegate {
    private final int most;
    private int depth;

    DepthOfXml(XMLStreamReader reader, int most) {
        super(reader);
        this.most = most;
    }

    @Override
    public int next() throws XMLStreamException {
        int event = super.next();
        if (event == START_ELEMENT) {
            depth++;
            if (depth > most) {
                throw new Refusal(
                        Refusal.Reason.TOO_LARGE,
                        "elements of XML are nested more than " + most + " deep, which is the limit");
            }
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
