package miroir.server.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Test;

class ResourceOutputTest {

    @Test
    void bundle_isDescribedOnceForBothFormats() {
        assertThat(written(Format.JSON, false))
                .isEqualTo("{\"resourceType\":\"Bundle\",\"total\":2,\"link\":[{\"relation\":\"self\"},"
                        + "{\"relation\":\"a\\\"&<\"}],\"entry\":[{\"resource\":{\"resourceType\":\"Basic\",\"id\":\"b\"},"
                        + "\"search\":{\"mode\":\"match\"}},{\"resource\":{\"resourceType\":\"OperationOutcome\","
                        + "\"text\":[\"x\",\"y\"]}}]}");
        assertThat(written(Format.XML, false))
                .isEqualTo("<Bundle xmlns=\"http://hl7.org/fhir\"><total value=\"2\"/><link><relation value=\"self\"/>"
                        + "</link><link><relation value=\"a&quot;&amp;&lt;\"/></link><entry><resource><Basic>"
                        + "<id value=\"b\"/></Basic></resource><search><mode value=\"match\"/></search></entry><entry>"
                        + "<resource><OperationOutcome><text value=\"x\"/><text value=\"y\"/></OperationOutcome></resource>"
                        + "</entry></Bundle>");
    }

    @Test
    void prettyXml_indentsByTwo() {
        assertThat(written(Format.XML, true)).isEqualTo("""
                <Bundle xmlns="http://hl7.org/fhir">
                  <total value="2"/>
                  <link>
                    <relation value="self"/>
                  </link>
                  <link>
                    <relation value="a&quot;&amp;&lt;"/>
                  </link>
                  <entry>
                    <resource>
                      <Basic>
                        <id value="b"/>
                      </Basic>
                    </resource>
                    <search>
                      <mode value="match"/>
                    </search>
                  </entry>
                  <entry>
                    <resource>
                      <OperationOutcome>
                        <text value="x"/>
                        <text value="y"/>
                      </OperationOutcome>
                    </resource>
                  </entry>
                </Bundle>
                """);
    }

    @Test
    void prettyJson_indentsByTwoAndDiffersInSpaceOnly() {
        String pretty = written(Format.JSON, true);

        assertThat(pretty).startsWith("""
                {
                  "resourceType": "Bundle",
                  "total": 2,
                  "link": [
                    {
                      "relation": "self"
                    },
                """).contains("""
                      "resource": {
                        "resourceType": "Basic",
                        "id": "b"
                      },
                      "search": {
                        "mode": "match"
                      }
                """).endsWith("}\n");
        assertThat(pretty.replaceAll("\\s", "")).isEqualTo(written(Format.JSON, false));
    }

    private static String written(Format format, boolean pretty) {
        ResourceOutput out = new AnswerFormat(format, pretty).output(16);
        out.beginResource("Bundle");
        out.number("total", 2);
        out.beginList("link");
        for (String relation : new String[] {"self", "a\"&<"}) {
            out.beginNext();
            out.text("relation", relation);
            out.end();
        }
        out.endList();
        out.beginList("entry");
        out.beginNext();
        out.stored("resource", RawBsonDocument.parse("{resourceType: 'Basic', id: 'b'}"));
        out.begin("search");
        out.text("mode", "match");
        out.end();
        out.end();
        out.beginNext();
        out.beginResource("resource", "OperationOutcome");
        out.beginList("text");
        out.nextText("x");
        out.nextText("y");
        out.endList();
        out.endResource();
        out.end();
        out.endList();
        out.endResource();
        return new String(out.finished().toByteArray(), StandardCharsets.UTF_8);
    }
}
