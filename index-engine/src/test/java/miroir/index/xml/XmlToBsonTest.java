package miroir.index.xml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.stream.util.StreamReaderDelegate;
import miroir.index.Refusal;
import miroir.index.json.StructureCheck;
import miroir.index.structure.Structures;
import org.junit.jupiter.api.Test;

/** What no parser of ours gives today, and another one might. */
class XmlToBsonTest {
    private static final String TEXT =
            "<Patient xmlns='http://hl7.org/fhir'>\n<name><!-- here --><family value='x'/></name></Patient>";

    @Test
    void read_eventThatHasNoMeaningBetweenTags_isRefusedWithItsPlace() throws XMLStreamException {
        XMLStreamReader xml = new CommentAsEntityReference(XmlInput.open(TEXT));
        XmlToBson reading = new XmlToBson(xml, new StructureCheck(Structures.r4()), TEXT.length(), 10);

        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(reading::read)
                .withMessageContaining("event 9")
                .withMessageContaining("line 2")
                .satisfies(refusal -> {
                    assertThat(refusal.reason()).isEqualTo(Refusal.Reason.INVALID);
                    assertThat(refusal.path()).isEqualTo("Patient.name[0]");
                });
    }

    private static final class CommentAsEntityReference extends StreamReaderDelegate {
        CommentAsEntityReference(XMLStreamReader xml) {
            super(xml);
        }

        @Override
        public int next() throws XMLStreamException {
            int event = super.next();
            return event == XMLStreamConstants.COMMENT ? XMLStreamConstants.ENTITY_REFERENCE : event;
        }
    }
}
