package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import miroir.index.generated.Proves;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.hl7.fhir.r4.model.Bundle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code POST [type]/_search}. */
@Tag("smoke")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(MongoExtension.class)
final class SearchFormIT {
    private static final String FORM = "application/x-www-form-urlencoded";

    private TestServer server;

    @BeforeAll
    void start(TestDatabase database) throws Exception {
        server = TestServer.start("limits: {body: 64kB}", database);
        for (int i = 0; i < 3; i++) {
            Http.write(
                    "PUT",
                    server.uri("/fhir/Practitioner/p" + i),
                    "{\"resourceType\":\"Practitioner\",\"id\":\"p" + i
                            + "\",\"active\":true,\"name\":[{\"family\":\"Lefévre’s €\"}]}");
        }
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private HttpResponse<String> search(String path, byte[] body, String... headers) throws Exception {
        return Http.send("POST", server.uri("/fhir/Practitioner/_search" + path), body, headers);
    }

    private static Bundle bundle(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return FhirContext.forR4Cached().newJsonParser().parseResource(Bundle.class, response.body());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            application/x-www-form-urlencoded                          | utf-8        | Lefévre’s €
            application/x-www-form-urlencoded;charset=UTF-8            | utf-8        | Lefévre’s €
            application/x-www-form-urlencoded; charset="utf8"          | utf-8        | Lefévre’s €
            Application/X-WWW-Form-Urlencoded;Charset=Windows-1252     | windows-1252 | Lefévre’s €
            application/x-www-form-urlencoded;charset=iso-8859-1       | iso-8859-1   | Lefévre
            application/x-www-form-urlencoded;charset=us-ascii         | us-ascii     | Lef
            application/x-www-form-urlencoded; x=y; charset=latin1     | iso-8859-1   | Lefévre
            """)
    @Proves("POST, charset of the body")
    void form_inACharset_isReadInIt(String contentType, String charset, String family) throws Exception {
        byte[] plain = ("family:exact=Lefévre’s+€&family=" + family).getBytes(Charset.forName(charset));
        String escaped = "family=" + URLEncoder.encode(family, Charset.forName(charset));

        if (charset.equals("utf-8") || charset.equals("windows-1252")) {
            assertThat(bundle(search("", plain, "Content-Type", contentType)).getTotal())
                    .isEqualTo(3);
        }
        assertThat(bundle(search("", escaped.getBytes(StandardCharsets.US_ASCII), "Content-Type", contentType))
                        .getTotal())
                .isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            application/x-www-form-urlencoded;charset=utf-16   | family=x                   | 415 | allowed: UTF-8, ISO-8859-1, windows-1252, US-ASCII
            application/x-www-form-urlencoded;charset=nonsense | family=x                   | 415 | nonsense
            application/x-www-form-urlencoded;charset=a b      | family=x                   | 415 | a b
            application/json                                   | {"family":"x"}             | 415 | x-www-form-urlencoded, not application/json
            application/fhir+json                              | {"resourceType":"Parameters"} | 415 | x-www-form-urlencoded
            multipart/form-data;boundary=x                     | family=x                   | 415 | x-www-form-urlencoded
            application/x-www-form-urlencoded                  | family=%                   | 400 | percent-encoded
            application/x-www-form-urlencoded                  | family=%zz                 | 400 | percent-encoded
            application/x-www-form-urlencoded;charset=us-ascii | family=%E9                 | 400 | "family"
            application/x-www-form-urlencoded                  | nonsense=1                 | 400 | nonsense
            """)
    void form_thatCannotBeRead_isRefused(String contentType, String body, int status, String said) throws Exception {
        HttpResponse<String> refused = search("", body.getBytes(StandardCharsets.UTF_8), "Content-Type", contentType);

        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(status);
        assertThat(Outcome.of(refused).getIssueFirstRep().getDiagnostics()).contains(said);
    }

    @Test
    void form_thatIsTooLarge_isRefused() throws Exception {
        byte[] body = ("family=" + "x".repeat(900_000)).getBytes(StandardCharsets.US_ASCII);

        assertThat(search("", body, "Content-Type", FORM).statusCode()).isEqualTo(413);
    }

    @Test
    void form_thatIsEmpty_leavesTheUrl() throws Exception {
        assertThat(bundle(search("?_id=p1", new byte[0])).getTotal()).isEqualTo(1);
        assertThat(bundle(search("?_id=p1", new byte[0], "Content-Type", FORM)).getTotal())
                .isEqualTo(1);
        assertThat(bundle(search("", new byte[0], "Content-Type", FORM)).getTotal())
                .isEqualTo(3);
    }

    @Test
    @Proves({"POST, parameters in the body", "POST, parameters in URL and body", "self shows what was applied"})
    void form_besideTheUrl_comesAfterIt() throws Exception {
        byte[] body = "_id=p1&_elements=name".getBytes(StandardCharsets.US_ASCII);
        Bundle bundle = bundle(search("?active=true", body, "Content-Type", FORM));

        assertThat(bundle.getTotal()).isEqualTo(1);
        assertThat(bundle.getLink("self").getUrl()).endsWith("?active=true&_id=p1&_elements=name");
    }

    @Test
    @Proves("long queries, short links")
    void form_withALongQuery_hasLinksThatAreShort() throws Exception {
        String query = "_count=1&family=Lef%C3%A9vre," + String.join(",", Collections.nCopies(900, "n%C3%A9ant"));
        Bundle bundle = bundle(search("", query.getBytes(StandardCharsets.US_ASCII), "Content-Type", FORM));
        List<String> found = new ArrayList<>();
        while (bundle.getLink("next") != null) {
            found.add(bundle.getEntryFirstRep().getResource().getIdPart());
            String next = bundle.getLink("next").getUrl();
            assertThat(next).hasSizeLessThan(1000);
            bundle = bundle(Http.send("GET", URI.create(next)));
        }
        found.add(bundle.getEntryFirstRep().getResource().getIdPart());

        assertThat(found).containsExactly("p0", "p1", "p2");
    }
}
