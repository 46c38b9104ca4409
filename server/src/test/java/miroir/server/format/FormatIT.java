package miroir.server.format;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.IParser;
import ca.uhn.fhir.parser.StrictErrorHandler;
import ca.uhn.fhir.rest.api.EncodingEnum;
import ca.uhn.fhir.rest.api.MethodOutcome;
import ca.uhn.fhir.rest.client.api.IGenericClient;
import ca.uhn.fhir.rest.client.api.ServerValidationModeEnum;
import ca.uhn.fhir.rest.client.interceptor.BearerTokenAuthInterceptor;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import miroir.index.generated.Proves;
import miroir.server.Http;
import miroir.server.TestServer;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CapabilityStatement;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.Practitioner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Both formats through a real socket, asked for in every way, in answers and in failures. */
@Tag("smoke")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FormatIT {
    private static final String JSON = "application/fhir+json";
    private static final String XML = "application/fhir+xml";

    private final IParser xml =
            FhirContext.forR4Cached().newXmlParser().setParserErrorHandler(new StrictErrorHandler());
    private TestServer server;

    @BeforeAll
    void start() throws Exception {
        server = TestServer.start();
        for (int i = 1; i <= 3; i++) {
            HttpResponse<String> written = put(
                    "p" + i,
                    "<Practitioner xmlns='http://hl7.org/fhir'><id value='p" + i + "'/><active value='true'/>"
                            + "<name><family value='Lefèvre &amp; fils'/></name></Practitioner>");
            assertThat(written.statusCode()).as(written.body()).isEqualTo(201);
            assertThat(written.headers().firstValue("Content-Type").orElse("")).startsWith(XML);
        }
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
            none                                                            | none                   | json
            application/fhir+xml                                            | none                   | xml
            application/xml                                                 | none                   | xml
            application/fhir+xml;q=0.1, application/fhir+json;q=0.5         | none                   | json
            text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8 | none                   | json
            application/fhir+json                                           | xml                    | xml
            application/fhir+json                                           | application/fhir%2Bxml | xml
            application/fhir+xml                                            | text/json              | json
            """)
    void answer_hasTheFormatThatIsAskedFor(String accept, String format, String expected) throws Exception {
        for (String path : new String[] {"/fhir/Practitioner/p1", "/fhir/Practitioner", "/fhir/metadata"}) {
            String[] headers = accept == null ? new String[0] : new String[] {"Accept", accept};
            HttpResponse<String> response =
                    Http.send("GET", server.uri(path + (format == null ? "" : "?_format=" + format)), headers);

            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Type"))
                    .contains("application/fhir+" + expected + ";charset=UTF-8");
            assertThat(response.body()).startsWith(expected.equals("xml") ? "<" : "{");
            assertThat(response.headers().allValues("Vary")).anyMatch(value -> value.contains("Accept"));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            GET    | /fhir/Practitioner/nobody        | application/xml | 404
            GET    | /fhir/Nothing/1                  | application/xml | 404
            GET    | /nothing                         | application/xml | 404
            DELETE | /fhir/Practitioner               | application/xml | 405
            DELETE | /fhir/Practitioner/p1            | application/xml | 401
            GET    | /fhir/Practitioner?nonsense=1    | application/xml | 400
            GET    | /fhir/Practitioner?_pretty=maybe | application/xml | 400
            GET    | /fhir/Practitioner/$op           | application/xml | 501
            GET    | /fhir/Practitioner/x?_format=xml | text/turtle     | 404
            """)
    void failure_hasTheFormatThatIsAskedFor(String method, String path, String accept, int status) throws Exception {
        HttpResponse<String> response = Http.send(method, server.uri(path), "Accept", accept);

        boolean understood = !path.contains("maybe");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith(understood ? XML : JSON);
        if (understood) {
            assertThat(xml.parseResource(OperationOutcome.class, response.body())
                            .getIssueFirstRep()
                            .getDiagnostics())
                    .isNotBlank();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /fhir/Practitioner/p1              | text/turtle
            /fhir/Practitioner/p1?_format=html | application/fhir+xml
            /fhir/metadata                     | image/png
            """)
    void formatThatIsNotGiven_isRefusedInJson(String path, String accept) throws Exception {
        HttpResponse<String> response = Http.send("GET", server.uri(path), "Accept", accept);

        assertThat(response.statusCode()).isEqualTo(406);
        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith(JSON);
        assertThat(response.body()).contains("application/fhir+json, application/fhir+xml");
    }

    @Test
    @Proves("_format")
    void xml_isUnderstoodByHapisStrictParser() throws Exception {
        Bundle bundle = xml.parseResource(
                Bundle.class, get("/fhir/Practitioner?_count=2&_format=xml").body());
        assertThat(bundle.getEntry()).hasSize(2);
        assertThat(bundle.getLink("next").getUrl()).contains("_format=xml");
        assertThat(((Practitioner) bundle.getEntry().get(0).getResource())
                        .getNameFirstRep()
                        .getFamily())
                .isEqualTo("Lefèvre & fils");

        CapabilityStatement statement = xml.parseResource(
                CapabilityStatement.class, get("/fhir/metadata?_format=xml").body());
        assertThat(statement.getFormat()).extracting(Object::toString).contains(JSON, "json", XML, "xml");
    }

    @Test
    void history_isInXmlToo() throws Exception {
        Http.write(
                "PUT",
                server.uri("/fhir/Organization/h"),
                "{\"resourceType\":\"Organization\",\"id\":\"h\",\"name\":\"x\"}");
        Http.write("DELETE", server.uri("/fhir/Organization/h"), "");

        Bundle history = xml.parseResource(
                Bundle.class, get("/fhir/Organization/h/_history?_format=xml").body());

        assertThat(history.getEntry())
                .extracting(entry -> entry.getResponse().getStatus())
                .containsExactly("204", "201");
    }

    @Test
    void lenientSearch_saysInXmlWhatItIgnored() throws Exception {
        HttpResponse<String> response =
                Http.send("GET", server.uri("/fhir/Practitioner?nonsense=1&_format=xml"), "Prefer", "handling=lenient");

        Bundle bundle = xml.parseResource(Bundle.class, response.body());
        assertThat(bundle.getEntry().get(3).getResource()).isInstanceOf(OperationOutcome.class);
    }

    @ParameterizedTest
    @CsvSource({
        "/fhir/Practitioner/p1?_pretty=true&_format=xml, '<Practitioner xmlns=\"http://hl7.org/fhir\">\n  <id value=\"p1\"/>\n'",
        "/fhir/Practitioner/p1?_pretty=true&_format=json, '{\n  \"resourceType\": '"
    })
    @Proves("_pretty")
    void pretty_indentsBothFormats(String query, String start) throws Exception {
        assertThat(get(query).body()).startsWith(start).endsWith("\n");
        assertThat(get(query.replace("_pretty=true&", "")).body()).doesNotContain("\n");
    }

    @Test
    void browser_getsJsonWithIndentation() throws Exception {
        String accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

        assertThat(Http.send("GET", server.uri("/fhir/Practitioner/p1"), "Accept", accept)
                        .body())
                .startsWith("{\n  \"resourceType\": \"Practitioner\"");
    }

    @Test
    void searchByPost_takesTheFormatFromItsBody() throws Exception {
        HttpResponse<String> response = Http.send(
                "POST",
                server.uri("/fhir/Practitioner/_search"),
                "_format=xml&_id=p2".getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "application/x-www-form-urlencoded");

        assertThat(xml.parseResource(Bundle.class, response.body()).getEntry()).hasSize(1);
    }

    @Test
    void faultInXml_isRefusedWithPathAndLine() throws Exception {
        HttpResponse<String> response = put(
                "p9",
                "<Practitioner xmlns='http://hl7.org/fhir'>\n<id value='p9'/>\n<activ value='true'/></Practitioner>");

        assertThat(response.statusCode()).isEqualTo(422);
        OperationOutcome outcome = xml.parseResource(OperationOutcome.class, response.body());
        assertThat(outcome.getIssueFirstRep().getDiagnostics())
                .contains("'activ'")
                .contains("line 3");
        assertThat(outcome.getIssueFirstRep().getExpression()).hasToString("[Practitioner]");
    }

    @Test
    void resourceForWhichXmlHasNoForm_isNotStored() throws Exception {
        HttpResponse<String> refused = Http.write(
                "PUT",
                server.uri("/fhir/Organization/o1"),
                "{\"resourceType\":\"Organization\",\"id\":\"o1\",\"name\":\"x\","
                        + "\"type\":[{\"_id\":{\"id\":\"a\"},\"text\":\"t\"}]}");

        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(refused.body()).contains("Organization.type[0].id");
        assertThat(get("/fhir/Organization/o1?_format=xml").statusCode()).isEqualTo(404);
    }

    @Test
    void externalEntity_isNeverRead() throws Exception {
        HttpResponse<String> response = put(
                "p9",
                "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><Practitioner xmlns='http://hl7.org/fhir'>"
                        + "<id value='p9'/><name><family value='&e;'/></name></Practitioner>");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("document types are not allowed");
    }

    @Test
    void hapiClient_inXml_createsReadsUpdatesAndPages() {
        FhirContext context = FhirContext.forR4();
        context.getRestfulClientFactory().setServerValidationMode(ServerValidationModeEnum.NEVER);
        IGenericClient client = context.newRestfulGenericClient(server.base());
        client.registerInterceptor(new BearerTokenAuthInterceptor(TestServer.TOKEN));
        client.setEncoding(EncodingEnum.XML);
        Practitioner sent = new Practitioner();
        sent.addName().setFamily("X😀ml");

        MethodOutcome created = client.create().resource(sent).execute();
        Practitioner read = client.read()
                .resource(Practitioner.class)
                .withId(created.getId().getIdPart())
                .execute();
        MethodOutcome updated = client.update().resource(read.setActive(true)).execute();
        Bundle found = client.search()
                .forResource(Practitioner.class)
                .where(Practitioner.FAMILY.matches().value("x"))
                .returnBundle(Bundle.class)
                .execute();
        client.delete().resourceById(created.getId().toUnqualifiedVersionless()).execute();

        assertThat(read.getNameFirstRep().getFamily()).isEqualTo("X😀ml");
        assertThat(updated.getId().getVersionIdPart()).isEqualTo("2");
        assertThat(found.getEntry()).hasSize(1);
    }

    @Test
    void ordinaryPath_givesXmlToo() throws Exception {
        try (TestServer ordinary = TestServer.start("", TestServer.memory(), true)) {
            Http.write(
                    "PUT", ordinary.uri("/fhir/Practitioner/p1"), "{\"resourceType\":\"Practitioner\",\"id\":\"p1\"}");

            HttpResponse<String> response =
                    Http.send("GET", ordinary.uri("/fhir/Practitioner/p1"), "Accept", "application/xml");

            assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith(XML);
            assertThat(xml.parseResource(Practitioner.class, response.body())
                            .getMeta()
                            .getVersionId())
                    .isEqualTo("1");
        }
    }

    private HttpResponse<String> get(String path) throws Exception {
        return Http.send("GET", server.uri(path));
    }

    private HttpResponse<String> put(String id, String body) throws Exception {
        return Http.send(
                "PUT",
                server.uri("/fhir/Practitioner/" + id),
                body.getBytes(StandardCharsets.UTF_8),
                "Authorization",
                "Bearer " + TestServer.TOKEN,
                "Content-Type",
                XML,
                "Accept",
                XML);
    }
}
