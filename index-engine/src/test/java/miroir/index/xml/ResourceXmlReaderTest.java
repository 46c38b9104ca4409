package miroir.index.xml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import miroir.index.Refusal;
import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.json.ResourceWriter;
import miroir.index.json.Utf8Buffer;
import miroir.index.structure.Structures;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResourceXmlReaderTest {
    private static final String OPEN = "<Observation xmlns='http://hl7.org/fhir'>";
    private static final String REQUIRED = "<status value='final'/><code><text value='x'/></code>";

    private final ResourceReader jsonReader = new ResourceReader(Structures.r4(), ReadLimits.standard());
    private final ResourceXmlReader reader = new ResourceXmlReader(Structures.r4(), ReadLimits.standard());

    @Test
    void read_everyKindOfElement_isWhatJsonHas() {
        String xml = """
                <?xml version="1.0" encoding="utf-8"?>
                <?xml-stylesheet href="x.xsl"?><!-- before -->
                <Patient xmlns="http://hl7.org/fhir" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
                         xsi:schemaLocation="http://hl7.org/fhir patient.xsd">
                  <id value="p"/>
                  <text><status value="generated"/>
                    <div xmlns="http://www.w3.org/1999/xhtml"><p>a<![CDATA[<b>]]></p><?x y?></div></text>
                  <contained><Organization><id value="o"/></Organization></contained>
                  <extension url="http://e"><valueDecimal value="1.10"/></extension>
                  <active value="true"/>
                  <name id="n"><given value="A"/><![CDATA[ ]]><given><!-- none --><extension url="http://f">
                    <valueInteger value="-3"/></extension></given></name>
                  <birthDate value="2020" id="b"></birthDate>
                </Patient>
                <!-- behind -->
                """;

        assertThat(json(xml))
                .isEqualTo("{'resourceType':'Patient','id':'p','text':{'status':'generated',"
                        + "'div':'<div xmlns=\\'http://www.w3.org/1999/xhtml\\'><p>a&lt;b&gt;</p></div>'},"
                        + "'contained':[{'resourceType':'Organization','id':'o'}],"
                        + "'extension':[{'url':'http://e','valueDecimal':1.10}],'active':true,"
                        + "'name':[{'id':'n','given':['A',null],"
                        + "'_given':[null,{'extension':[{'url':'http://f','valueInteger':-3}]}]}],"
                        + "'birthDate':'2020','_birthDate':{'id':'b'}}");
    }

    @Test
    void read_prefixes_areAsGoodAsDefaults() {
        String xml = "<f:Patient xmlns:f='http://hl7.org/fhir' xmlns:h='http://www.w3.org/1999/xhtml'><f:text>"
                + "<f:status value='empty'/><h:div><h:br/></h:div></f:text></f:Patient>";

        assertThat(json(xml)).contains("'div':'<div xmlns=\\'http://www.w3.org/1999/xhtml\\'><br/></div>'");
    }

    @ParameterizedTest
    @CsvSource({
        "1.10, 1.10",
        "1E3, 1E+3",
        "-0.0, -0.0",
        "-0, -0",
        "0, 0",
        "100, 100",
        "2147483648, 2147483648",
        "1.5E-3, 0.0015",
        "1234567890123456789012345678901234, 1234567890123456789012345678901234",
        "123456789012345678, 123456789012345678"
    })
    void decimal_isKeptWithItsScale(String in, String out) {
        assertThat(json(OPEN + REQUIRED + "<valueQuantity><value value='" + in + "'/></valueQuantity></Observation>"))
                .endsWith("'valueQuantity':{'value':" + out + "}}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "<code/><status value='final'/> | Observation.status | status comes before code",
                "<status value='final'/><status value='final'/> | Observation.status | occurs twice",
                "<stratus value='final'/> | Observation | has no element 'stratus'",
                "<_status value='final'/> | Observation | has no element '_status'",
                "<resourceType value='final'/> | Observation | has no element",
                "<status value='final' code='x'/> | Observation.status | attribute 'code' has no meaning here",
                "<status xml:lang='fr' value='final'/> | Observation.status | attribute 'lang' has no meaning here",
                "<status>final</status> | Observation.status | the text 'final' between tags",
                "<status value='final'/>loose | Observation | line 1",
                "<status/> | Observation.status | neither a value nor extensions",
                "<status value=''/> | Observation.status | an empty string",
                "<status value='finale'/> | Observation.status | not a code of this element",
                "<status value='final'/> | Observation.code | code is missing",
                "<status xmlns='http://other' value='final'/> | Observation | namespace 'http://other'",
                "<status value='final'/><code url='x'/> | Observation.code | attribute 'url' has no meaning here",
                "<status value='final'/><code/> | Observation.code | may not be empty",
                "<code><coding/><coding><code value='a'/><code value='b'/></coding></code> | Observation.code.coding[1].code | twice",
                "<contained/> | Observation.contained[0] | allowed is one resource",
                "<contained><Nothing/></contained> | Observation.contained[0] | not a resource type",
                "<contained><Basic/><Basic/></contained> | Observation.contained[0] | a second resource",
                "<contained id='x'><Basic/></contained> | Observation.contained[0] | attribute 'id'",
                "<contained><Element/></contained> | Observation.contained[0] | not a resource type",
                "<extension url='http://a'><url value='http://b'/></extension> | Observation.extension[0] | has no element 'url'",
                "<text><status value='empty'/><div/></text> | Observation.text | allowed is http://www.w3.org/1999/xhtml",
                "<text><status value='empty'/><div xmlns='http://www.w3.org/1999/xhtml'><x xmlns='http://y'/></div></text> | Observation.text.div | namespace http://y",
            })
    void fault_isRefusedWithItsPathAndLine(String elements, String path, String message) {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> read(OPEN + elements + "</Observation>"))
                .withMessageContaining(message)
                .satisfies(refusal -> assertThat(refusal.path()).isEqualTo(path))
                .satisfies(refusal ->
                        assertThat(refusal.reason()).isIn(Refusal.Reason.UNPROCESSABLE, Refusal.Reason.INVALID));
    }

    @Test
    void choice_inTwoForms_isRefused() {
        String xml = OPEN + REQUIRED + "<valueString value='a'/><valueInteger value='1'/></Observation>";

        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> read(xml))
                .withMessageContaining("both valueString and valueInteger")
                .withMessageContaining("value[x]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | empty",
                "` ` | empty",
                "{} | not valid XML",
                "<Basic | not valid XML",
                "<Basic/> | no namespace",
                "<Basic xmlns='http://hl7.org/fhir/'/> | the namespace 'http://hl7.org/fhir/'",
                "<Nothing xmlns='http://hl7.org/fhir'/> | 'Nothing' is not a resource type",
                "<Resource xmlns='http://hl7.org/fhir'/> | not a resource type",
                "<Basic xmlns='http://hl7.org/fhir'/><Basic xmlns='http://hl7.org/fhir'/> | not valid XML",
                "<?xml version='1.0' encoding='ISO-8859-1'?><Basic xmlns='http://hl7.org/fhir'/> | 'ISO-8859-1'; allowed is UTF-8",
                "<?xml version='1.0' encoding='UTF-16'?><Basic xmlns='http://hl7.org/fhir'/> | 'UTF-16'; allowed is UTF-8",
                "<?xml version='1.1'?><Basic xmlns='http://hl7.org/fhir'/> | version '1.1'",
                "<Basic xmlns='http://hl7.org/fhir'><id value='&#1;'/></Basic> | not valid XML",
                "<Basic xmlns='http://hl7.org/fhir'><id value='\uFFFE'/></Basic> | not valid XML",
                "<Basic xmlns='http://hl7.org/fhir'><id value='&nbsp;'/></Basic> | \"nbsp\"",
                "<x:Basic xmlns='http://hl7.org/fhir'/> | not valid XML",
                "<!DOCTYPE Basic><Basic xmlns='http://hl7.org/fhir'/> | document types are not allowed",
                "<!DOCTYPE b [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><Basic xmlns='http://hl7.org/fhir'><id value='&e;'/></Basic> | document types are not allowed",
                "<!DOCTYPE b SYSTEM 'http://127.0.0.1:1/x.dtd'><Basic xmlns='http://hl7.org/fhir'/> | document types are not allowed",
            })
    void document_thatIsNone_isRefused(String xml, String message) {
        assertThatExceptionOfType(Refusal.class).isThrownBy(() -> read(xml)).withMessageContaining(message);
    }

    @Test
    void billionLaughs_areRefusedBeforeTheyAreExpanded() {
        StringBuilder xml = new StringBuilder("<!DOCTYPE Basic [<!ENTITY e0 'ha'>");
        for (int i = 1; i < 30; i++) {
            xml.append("<!ENTITY e")
                    .append(i)
                    .append(" '&e")
                    .append(i - 1)
                    .append(";&e")
                    .append(i - 1)
                    .append(";'>");
        }

        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> read(xml + "]><Basic xmlns='http://hl7.org/fhir'><id value='&e29;'/></Basic>"))
                .withMessageContaining("document types are not allowed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "ISO-8859-1"})
    void otherEncoding_isRefused(String charset) {
        byte[] bytes = "<Basic xmlns='http://hl7.org/fhir'><id value='é'/></Basic>".getBytes(Charset.forName(charset));

        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> reader.read(bytes))
                .withMessageContaining("is not UTF-8");
    }

    @Test
    void byteOrderMark_isPassedOver() {
        assertThat(json("\uFEFF" + OPEN + REQUIRED + "</Observation>")).startsWith("{'resourceType':'Observation'");
    }

    @Test
    void nesting_isLimited() {
        String deep = "<extension url='http://e'>".repeat(100_000);

        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> read("<Basic xmlns='http://hl7.org/fhir'>" + deep))
                .satisfies(refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.TOO_LARGE))
                .withMessageContaining("90");
    }

    @Test
    void nesting_ofNarrativeAndPrimitives_endsInARefusal() {
        String start = "<Basic xmlns='http://hl7.org/fhir'>";
        String div = start + "<text><status value='empty'/><div xmlns='http://www.w3.org/1999/xhtml'>";
        String inPrimitives =
                "<language><extension url='u'><valueString>" + "<extension url='u'><valueString>".repeat(9_999);

        assertThatExceptionOfType(Refusal.class).isThrownBy(() -> read(div + "<b>".repeat(100_000)));
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> read(start + inPrimitives))
                .satisfies(refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.TOO_LARGE));
    }

    @Test
    void size_isLimited() {
        ResourceXmlReader small = new ResourceXmlReader(Structures.r4(), new ReadLimits(100, 90));

        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> small.read(new byte[101]))
                .satisfies(refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.TOO_LARGE));
    }

    @Test
    void damagedXml_endsInARefusalOrAResource() {
        long seed = Long.getLong("miroir.seed", 20261127);
        Random random = new Random(seed);
        ValidResource resources = new ValidResource(random);
        for (int i = 0; i < 500; i++) {
            Utf8Buffer xml = new Utf8Buffer(4096);
            String json = resources.json("Patient", "p");
            ResourceXmlWriter.write(jsonReader.read(json.getBytes(StandardCharsets.UTF_8)), xml, false);
            byte[] damaged = damaged(xml.toByteArray(), random);
            try {
                reader.read(damaged);
            } catch (Refusal expected) {
                assertThat(expected.getMessage()).isNotBlank();
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + new String(damaged, StandardCharsets.UTF_8), e);
            }
        }
    }

    private static byte[] damaged(byte[] xml, Random random) {
        byte[] noise = "<>&;\"'/!?[]-= x\0\u00ff".getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i <= random.nextInt(3); i++) {
            xml[random.nextInt(xml.length)] = noise[random.nextInt(noise.length)];
        }
        return xml;
    }

    private RawBsonDocument read(String xml) {
        return reader.read(xml.getBytes(StandardCharsets.UTF_8));
    }

    /** With single quotes, to be readable. */
    private String json(String xml) {
        Utf8Buffer out = new Utf8Buffer(64);
        ResourceWriter.write(read(xml), out, false);
        return new String(out.toByteArray(), StandardCharsets.UTF_8).replace('"', '\'');
    }
}
