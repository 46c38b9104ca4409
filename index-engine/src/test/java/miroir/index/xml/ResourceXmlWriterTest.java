package miroir.index.xml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import miroir.index.Refusal;
import miroir.index.json.Utf8Buffer;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResourceXmlWriterTest {
    private static final String DIV = "<div xmlns=\"http://www.w3.org/1999/xhtml\">";

    @Test
    void write_elementsInAnyOrder_haveThatOfTheirDefinition() {
        assertThat(xml("{resourceType: 'Patient', birthDate: '2020', active: false, meta: {tag: [{code: 'c'}],"
                        + " versionId: '1'}, id: 'a', name: [{given: ['x'], id: 'n'}],"
                        + " extension: [{valueDecimal: 1, url: 'http://e'}]}"))
                .isEqualTo("<Patient xmlns=\"http://hl7.org/fhir\"><id value=\"a\"/><meta><versionId value=\"1\"/><tag>"
                        + "<code value=\"c\"/></tag></meta><extension url=\"http://e\"><valueDecimal value=\"1\"/></extension>"
                        + "<active value=\"false\"/><name id=\"n\"><given value=\"x\"/></name><birthDate value=\"2020\"/>"
                        + "</Patient>");
    }

    @Test
    void write_primitivesWithExtensions_areOneElement() {
        assertThat(xml("{resourceType: 'Patient', _birthDate: {id: 'b'}, name: [{given: ['x', null, 'y'],"
                        + " _given: [null, {extension: [{url: 'http://e', valueCode: 'c'}]}]}]}"))
                .isEqualTo("<Patient xmlns=\"http://hl7.org/fhir\"><name><given value=\"x\"/><given>"
                        + "<extension url=\"http://e\"><valueCode value=\"c\"/></extension></given><given value=\"y\"/>"
                        + "</name><birthDate id=\"b\"/></Patient>");
    }

    @Test
    void pretty_indentsByTwo() {
        assertThat(xml(
                        "{resourceType: 'Basic', contained: [{resourceType: 'Basic', id: 'c'}], code: {text: 't'}}",
                        true))
                .isEqualTo("""
                        <Basic xmlns="http://hl7.org/fhir">
                          <contained>
                            <Basic>
                              <id value="c"/>
                            </Basic>
                          </contained>
                          <code>
                            <text value="t"/>
                          </code>
                        </Basic>""");
    }

    @Test
    void value_withWhatXmlHasNoFormFor_isReplaced() {
        RawBsonDocument basic = RawBsonDocument.parse(
                "{resourceType: 'Basic', language: 'a\\u0001\\uFFFE\\uFFFF\\uFFFD\\u0009\\u000a\\u000d\"&<>\\uFF00'}");

        assertThat(xml(basic, false))
                .contains("value=\"a\uFFFD\uFFFD\uFFFD\uFFFD&#9;&#10;&#13;&quot;&amp;&lt;&gt;\uFF00\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "<div>a</div> | a</div>",
                "` <div title='\"' >a &amp; b</div > ` | NOT",
                "<div>a<br></div> | &lt;div&gt;a&lt;br&gt;&lt;/div&gt;</div>",
                "<div>a&nbsp;b &eacute;&hellip; &lt;</div> | a\u00a0b é… &lt;</div>",
                "<div>&nosuch;</div> | &lt;div&gt;&amp;nosuch;&lt;/div&gt;</div>",
                "<div></div></text><name/> | &lt;div&gt;&lt;/div&gt;&lt;/text&gt;&lt;name/&gt;</div>",
                "<div>a</div><div>b</div> | &lt;div&gt;a&lt;/div&gt;&lt;div&gt;b&lt;/div&gt;</div>",
                "<div xmlns='http://hl7.org/fhir'/> | &lt;div xmlns='http://hl7.org/fhir'/&gt;</div>",
            })
    void narrative_whateverIsStored_staysInItsElement(String stored, String written) {
        String expected = written.equals("NOT")
                ? "<div xmlns=\"http://www.w3.org/1999/xhtml\" title=\"&quot;\">a &amp; b</div>"
                : DIV + written;

        assertThat(Xhtml.wellFormed(stored)).isEqualTo(expected);
    }

    /** Refused today, and once stored. */
    @Test
    void write_extensionsBesideAttributesAndNarrative_areLeftOut() {
        assertThat(xml("{resourceType: 'Basic', text: {status: 'empty', div: '<div>d</div>', _div: {id: 'a'}},"
                        + " extension: [{url: 'http://e', _url: {id: 'b'}, valueCode: 'v'}],"
                        + " code: {_id: {id: 'c'}, id: 'x'}}"))
                .isEqualTo(
                        "<Basic xmlns=\"http://hl7.org/fhir\"><text><status value=\"empty\"/>" + DIV + "d</div></text>"
                                + "<extension url=\"http://e\"><valueCode value=\"v\"/></extension><code id=\"x\"/></Basic>");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{resourceType: 'Basic', unknown: 1} | unknown in Basic",
                "{resourceType: 'Basic', code: 'x'} | in code",
                "{resourceType: 'Basic', created: {a: 1}} | in created",
                "{resourceType: 'Nothing'} | Nothing in a resource",
                "{a: 1} | no resourceType",
                "{resourceType: 'Basic', _unknown: {id: 'a'}} | _unknown in Basic",
            })
    void write_whatHasNoForm_isRefusedAndNotDropped(String stored, String message) {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> xml(stored))
                .withMessageContaining(message)
                .satisfies(refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.NOT_ACCEPTABLE));
    }

    private static String xml(String bson) {
        return xml(bson, false);
    }

    private static String xml(String bson, boolean pretty) {
        return xml(RawBsonDocument.parse(bson), pretty);
    }

    private static String xml(RawBsonDocument resource, boolean pretty) {
        Utf8Buffer out = new Utf8Buffer(64);
        ResourceXmlWriter.write(resource, out, pretty);
        return new String(out.toByteArray(), StandardCharsets.UTF_8);
    }
}
