package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;
import java.util.stream.Stream;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.hl7.fhir.r4.model.Binary;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Binaries as what they hold, in and out, and as the resources that they are. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(MongoExtension.class)
final class BinaryIT {
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', 0, 13, 10, (byte) 0xFF, (byte) 0xFE};
    private static final byte[] NOTHING = {};
    private static final String JSON = "application/fhir+json;charset=UTF-8";
    private static final String XML = "application/fhir+xml;charset=UTF-8";

    private TestServer server;

    @BeforeAll
    void start(TestDatabase database) throws Exception {
        server = TestServer.of(Set.of("Binary", "Patient"), "limits: {body: 64kB}\n", database);
        put("png", "image/png", PNG);
        put("policy", "application/vnd.xacml+json", "{\"a\":1}".getBytes(StandardCharsets.UTF_8));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private void put(String id, String contentType, byte[] content) throws Exception {
        HttpResponse<byte[]> written = send("PUT", "Binary/" + id, content, "Content-Type", contentType);
        assertThat(written.statusCode()).as(text(written)).isEqualTo(201);
    }

    private HttpResponse<byte[]> send(String method, String path, byte[] body, String... headers) throws Exception {
        return Http.sendForBytes(method, server.uri("/fhir/" + path), body, headers);
    }

    private HttpResponse<byte[]> get(String path, String... headers) throws Exception {
        return send("GET", path, NOTHING, headers);
    }

    private static String text(HttpResponse<byte[]> response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private static String header(HttpResponse<?> response, String name) {
        return String.join(", ", response.headers().allValues(name));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
            png    | none                                                            | content
            png    | */*                                                             | content
            png    | image/png                                                       | content
            png    | image/*;q=0.5                                                   | content
            png    | application/pdf                                                 | content
            png    | text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8 | content
            png    | image/png, application/fhir+json;q=0.5                          | content
            png    | application/fhir+json                                           | json
            png    | application/fhir+json, */*;q=0.1                                | json
            png    | application/fhir+json, */*                                      | json
            png    | application/fhir+xml;q=1.0, application/fhir+json;q=0.9         | xml
            png    | application/json                                                | json
            png    | text/xml                                                        | xml
            png    | image/png;q=0, */*                                              | json
            policy | application/json                                                | content
            policy | application/xml                                                 | xml
            policy | application/fhir+json                                           | json
            policy | application/vnd.xacml+json                                      | content
            """)
    void read_isTheContent_unlessFhirIsAskedFor(String id, String accept, String expected) throws Exception {
        String[] headers = accept == null ? new String[0] : new String[] {"Accept", accept};
        for (String path : new String[] {"Binary/" + id, "Binary/" + id + "/_history/1"}) {
            HttpResponse<byte[]> read = get(path, headers);

            assertThat(read.statusCode()).as(text(read)).isEqualTo(200);
            assertThat(header(read, "ETag")).isEqualTo("W/\"1\"");
            assertThat(header(read, "Vary")).contains("Accept");
            assertThat(header(read, "Content-Type"))
                    .isEqualTo(
                            switch (expected) {
                                case "json" -> JSON;
                                case "xml" -> XML;
                                default -> id.equals("png") ? "image/png" : "application/vnd.xacml+json";
                            });
            if (expected.equals("content") && id.equals("png")) {
                assertThat(read.body()).isEqualTo(PNG);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"_format=json", "_pretty=true", "_summary=true", "_elements=contentType"})
    void read_withParameters_isTheResource(String query) throws Exception {
        HttpResponse<byte[]> read = get("Binary/png?" + query, "Accept", "*/*");

        assertThat(header(read, "Content-Type")).isEqualTo(JSON);
        assertThat(text(read)).contains("image/png");
    }

    @Test
    void read_ofWhatTheClientHas_orThatIsNotThere_isAsOfAnyResource() throws Exception {
        HttpResponse<byte[]> known = get("Binary/png", "If-None-Match", "W/\"1\"");
        assertThat(known.statusCode()).isEqualTo(304);
        assertThat(known.body()).isEmpty();

        HttpResponse<byte[]> missing = get("Binary/none", "Accept", "image/png");
        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(header(missing, "Content-Type")).isEqualTo(JSON);

        HttpResponse<byte[]> head = send("HEAD", "Binary/png", NOTHING);
        assertThat(header(head, "Content-Length")).isEqualTo(String.valueOf(PNG.length));
        assertThat(header(head, "Content-Type")).isEqualTo("image/png");

        assertThat(get("Patient", "Accept", "image/png").statusCode()).isEqualTo(406);
        assertThat(get("Binary", "Accept", "image/png").statusCode()).isEqualTo(406);
        assertThat(get("Binary/png", "Accept", "*/*;q=x").statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({
        "image/png, false",
        "image/jpeg, false",
        "audio/ogg, false",
        "text/plain; charset=utf-8, false",
        "text/html, true",
        "TEXT/HTML;charset=utf-8, true",
        "image/svg+xml, true",
        "application/pdf, true",
        "application/xhtml+xml, true",
        "text/javascript, true",
        "text/xml, true",
        "multipart/x-mixed-replace, true",
    })
    void content_thatBrowsersRun_isSavedAndNotShown(String contentType, boolean saved) throws Exception {
        byte[] script = "<script>alert(1)</script>".getBytes(StandardCharsets.UTF_8);
        HttpResponse<byte[]> created = send("POST", "Binary", script, "Content-Type", contentType);
        assertThat(created.statusCode()).as(text(created)).isEqualTo(201);

        String id = header(created, "Location").replaceAll(".*/Binary/([^/]+)/.*", "$1");
        HttpResponse<byte[]> read = get("Binary/" + id);
        assertThat(read.body()).isEqualTo(script);
        assertThat(header(read, "Content-Type").replace(" ", "")).isEqualToIgnoringCase(contentType.replace(" ", ""));
        assertThat(header(read, "Content-Disposition")).isEqualTo(saved ? "attachment" : "");
        assertThat(header(read, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(read.headers().allValues("Content-Security-Policy"))
                .singleElement()
                .asString()
                .contains("default-src 'none'", "sandbox");
    }

    /** It may have come as a resource, and a line break in a header would be the end of the headers. */
    @Test
    void contentType_thatIsNone_isNotSent() throws Exception {
        Http.write(
                "PUT",
                server.uri("/fhir/Binary/odd"),
                "{\"resourceType\":\"Binary\",\"id\":\"odd\",\"contentType\":\"text/html\\nX: y\",\"data\":\"AAAA\"}");

        HttpResponse<byte[]> read = get("Binary/odd");
        assertThat(read.body()).containsExactly(0, 0, 0);
        assertThat(header(read, "Content-Type")).isEqualTo("application/octet-stream");
        assertThat(header(read, "X")).isEmpty();
        assertThat(header(read, "Content-Disposition")).isEqualTo("attachment");
    }

    @Test
    void write_ofContent_isStoredAsABinary() throws Exception {
        HttpResponse<byte[]> created = send(
                "PUT",
                "Binary/photo",
                PNG,
                "Content-Type",
                "image/png",
                "X-Security-Context",
                server.base() + "/Patient/p1");
        assertThat(created.statusCode()).as(text(created)).isEqualTo(201);

        Binary stored = resource("photo");
        assertThat(stored.getContentType()).isEqualTo("image/png");
        assertThat(stored.getData()).isEqualTo(PNG);
        assertThat(stored.getSecurityContext().getReference()).isEqualTo("Patient/p1");
        assertThat(header(get("Binary/photo"), "X-Security-Context")).isEqualTo("Patient/p1");

        HttpResponse<byte[]> updated = send("PUT", "Binary/photo", NOTHING, "Content-Type", "text/plain");
        assertThat(updated.statusCode()).as(text(updated)).isEqualTo(200);
        assertThat(resource("photo").hasData()).isFalse();
        assertThat(get("Binary/photo").body()).isEmpty();
        assertThat(get("Binary/photo/_history/1").body()).isEqualTo(PNG);
    }

    private Binary resource(String id) throws Exception {
        return FhirContext.forR4Cached()
                .newJsonParser()
                .parseResource(Binary.class, text(get("Binary/" + id, "Accept", "application/fhir+json")));
    }

    /** R4: whatever is sent is the content, also where that is a resource, unless it is a Binary. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            application/fhir+json | {"resourceType":"Patient"}                                            | true
            application/json      | {"resourceType":"Patient"}                                            | true
            application/json      | [1, 2]                                                                | true
            application/fhir+xml  | <Patient xmlns="http://hl7.org/fhir"/>                                | true
            text/xml              | <!-- a --><ClinicalDocument xmlns="urn:hl7-org:v3"/>                  | true
            text/xml              | <Binary/>                                                             | true
            application/json      | {"resourceType":"Binary","contentType":"a/b"}                         | false
            application/fhir+json | {"contentType":"a/b","resourceType":"Binary"}                         | false
            application/json+fhir | {"resourceType":"Binary","contentType":"a/b"}                         | false
            text/xml              | <Binary xmlns="http://hl7.org/fhir"><contentType value="a/b"/></Binary> | false
            """)
    void write_ofAResource_isContentUnlessItIsABinary(String contentType, String body, boolean content)
            throws Exception {
        byte[] sent = body.getBytes(StandardCharsets.UTF_8);
        HttpResponse<byte[]> created =
                send("POST", "Binary", sent, "Content-Type", contentType, "Accept", "application/fhir+json");

        assertThat(created.statusCode()).as(text(created)).isEqualTo(201);
        assertThat(text(created)).contains("\"contentType\":\"" + (content ? contentType : "a/b") + "\"");
        if (content) {
            assertThat(text(created)).contains(Base64.getEncoder().encodeToString(sent));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            application/fhir+json | {"resourceType":"Binary"   | 400 | JSON
            application/fhir+xml  | <Binary                    | 400 | XML
            application/json      | {"resourceType":"Binary"}  | 422 | contentType
            png                   | x                          | 415 | type/subtype
            text/plain;           | x                          | 415 | type/subtype
            """)
    void write_ofWhatIsNeither_isRefused(String contentType, String body, int status, String named) throws Exception {
        HttpResponse<byte[]> refused =
                send("POST", "Binary", body.getBytes(StandardCharsets.UTF_8), "Content-Type", contentType);

        assertThat(refused.statusCode()).as(text(refused)).isEqualTo(status);
        assertThat(text(refused)).contains(named);
    }

    @Test
    void write_withAWrongSecurityContext_isRefused() throws Exception {
        HttpResponse<byte[]> none =
                send("POST", "Binary", PNG, "Content-Type", "image/png", "X-Security-Context", "no reference");
        assertThat(none.statusCode()).isEqualTo(400);
        assertThat(text(none)).contains("X-Security-Context");

        byte[] binary = "{\"resourceType\":\"Binary\",\"contentType\":\"a/b\"}".getBytes(StandardCharsets.UTF_8);
        HttpResponse<byte[]> twice =
                send("POST", "Binary", binary, "Content-Type", "application/json", "X-Security-Context", "Patient/1");
        assertThat(twice.statusCode()).isEqualTo(400);
        assertThat(text(twice)).contains("securityContext");
    }

    @Test
    void write_ofMoreThanABodyMayHave_isRefused() throws Exception {
        byte[] most = new byte[48 << 10];
        assertThat(send("PUT", "Binary/large", most, "Content-Type", "video/mp4")
                        .statusCode())
                .isEqualTo(201);
        assertThat(get("Binary/large").body()).isEqualTo(most);
        Stream.of((48 << 10) + 1, 65 << 10)
                .map(length -> Arrays.copyOf(most, length))
                .forEach(this::assertTooLarge);
    }

    private void assertTooLarge(byte[] content) {
        try {
            HttpResponse<byte[]> refused = send("PUT", "Binary/large", content, "Content-Type", "video/mp4");
            assertThat(refused.statusCode()).isEqualTo(413);
            assertThat(text(refused)).contains("limits.body");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void create_withoutAContentType_isRefused() throws Exception {
        assertThat(send("POST", "Binary", PNG).statusCode()).isEqualTo(415);
    }

    @Test
    void bundle_hasTheResource() throws Exception {
        HttpResponse<byte[]> answer = send(
                "POST",
                "",
                "{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":[{\"request\":{\"method\":\"GET\",\"url\":\"Binary/png\"}}]}"
                        .getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "application/fhir+json");

        assertThat(text(answer)).contains("\"resourceType\":\"Binary\"", "\"200 OK\"");
    }
}
