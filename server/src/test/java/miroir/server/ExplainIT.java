package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpResponse;
import miroir.index.generated.Proves;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(MongoExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ExplainIT {
    private TestServer server;

    @BeforeAll
    void start(TestDatabase database) throws Exception {
        server = TestServer.start(database);
        for (int i = 0; i < 20; i++) {
            write("Practitioner/p" + i, "\"name\":[{\"family\":\"Martin" + i + "\"}]");
            write("PractitionerRole/r" + i, "\"practitioner\":{\"reference\":\"Practitioner/p" + i + "\"}");
        }
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void explain_aSearch_namesIndexPlanAndCost() throws Exception {
        assertThat(explained("Practitioner?family=martin1"))
                .contains("\"severity\":\"information\"", "\"mode\":\"outcome\"")
                .contains("Practitioner by t_family-w and testing t_family-i: ")
                .contains(" documents read, 11 found, ", "IXSCAN t_family-w_1_n_1")
                .doesNotContain("\"fullUrl\":\"http");
    }

    @Test
    @Proves({"_sort", "__explain"})
    void explain_aSortedSearch_namesTheIndexOfTheOrder() throws Exception {
        assertThat(explained("Practitioner?_sort=-family&_count=3"))
                .contains("Practitioner by t_family-max: ", " 4 found", "IXSCAN t_family-max_1_n_1")
                .doesNotContain("SORT");
    }

    @Test
    void explain_aChain_hasALineForEachType() throws Exception {
        assertThat(explained("PractitionerRole?practitioner.family=martin7"))
                .contains("Practitioner by _id and testing t_family-i", "PractitionerRole by t_practitioner-reference");
    }

    @Test
    void explain_withoutToken_isRefused() throws Exception {
        HttpResponse<String> answer = Http.send("GET", uri("Practitioner?family=martin"));

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).contains("__explain needs a token");
    }

    private String explained(String query) throws Exception {
        HttpResponse<String> answer = Http.send("GET", uri(query), "Authorization", "Bearer " + TestServer.TOKEN);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    private URI uri(String query) {
        return server.uri("/fhir/" + query + "&__explain=true");
    }

    private void write(String path, String content) throws Exception {
        String type = path.substring(0, path.indexOf('/'));
        String json = "{\"resourceType\":\"" + type + "\",\"id\":\"" + path.substring(type.length() + 1) + "\","
                + content + "}";
        assertThat(Http.write("PUT", server.uri("/fhir/" + path), json).statusCode())
                .isEqualTo(201);
    }
}
