package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a database or an engine of regular expressions might take for more than a text is a text, on the real database. */
@ExtendWith(MongoExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HostileValuesIT {
    private TestServer server;

    @BeforeAll
    void start(TestDatabase database) throws Exception {
        server = TestServer.start(database);
        String known =
                "{\"resourceType\":\"Practitioner\",\"id\":\"known\",\"name\":[{\"family\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaa!\"}],"
                        + "\"identifier\":[{\"system\":\"http://a\",\"value\":\"1\"}],\"active\":true}";
        assertThat(Http.write("PUT", server.uri("/fhir/Practitioner/known"), known)
                        .statusCode())
                .isEqualTo(201);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "family={\"$gt\":\"\"}",
                "family=.*",
                "family=^a",
                "family:contains=(a+)+$",
                "family:contains=a.*a.*a.*a.*a.*b",
                "family:exact=/a/i",
                "identifier={\"$ne\":null}",
                "identifier=$where|1",
                "identifier=http://a|{\"$gt\":\"\"}",
                "_id={\"$gt\":\"\"}",
                "_id=$gt",
                "family=\\u0000",
                "family=\");db.dropDatabase();(\"",
                "organization=$lookup/1",
            })
    void value_thatLooksLikeMore_findsNothing(String query) throws Exception {
        int equals = query.indexOf('=');
        String value = URLEncoder.encode(query.substring(equals + 1), StandardCharsets.UTF_8);
        HttpResponse<String> found =
                Http.send("GET", server.uri("/fhir/Practitioner?" + query.substring(0, equals) + "=" + value));

        assertThat(found.statusCode()).as(found.body()).isIn(200, 400);
        assertThat(found.body()).doesNotContain("Practitioner/known", "Exception", "\tat ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "family%5B%24ne%5D=x",
                "%24where=1",
                "_id%5B%24gt%5D=",
                "_sort=%24natural",
                "_elements=%24where",
                "_include=%24lookup:a",
                "__explain=%7B%24gt%3A1%7D",
                "_count=%24gt",
                "_summary=%24gt",
            })
    void parameter_thatLooksLikeAnOperator_isRefused(String query) throws Exception {
        HttpResponse<String> refused = Http.send("GET", server.uri("/fhir/Practitioner?" + query));

        assertThat(refused.statusCode()).as(refused.body()).isBetween(400, 403);
        assertThat(refused.body()).contains("OperationOutcome").doesNotContain("Exception", "\tat ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"resourceType\":\"Practitioner\",\"id\":\"x\",\"$set\":{\"active\":false}}",
                "{\"resourceType\":\"Practitioner\",\"id\":\"x\",\"name\":{\"$gt\":\"\"}}",
                "{\"resourceType\":\"Practitioner\",\"id\":\"x\",\"active\":{\"$ne\":true}}",
                "{\"resourceType\":\"Practitioner\",\"id\":\"x\",\"_id\":\"known\"}",
                "{\"resourceType\":\"Practitioner\",\"id\":{\"$gt\":\"\"}}",
                "{\"resourceType\":\"Practitioner\",\"id\":\"x\",\"t_family\":[\"a\"]}",
            })
    void element_thatLooksLikeAnOperator_isRefused(String resource) throws Exception {
        HttpResponse<String> refused = Http.write("PUT", server.uri("/fhir/Practitioner/x"), resource);

        assertThat(refused.statusCode()).as(refused.body()).isIn(400, 422);
        assertThat(Http.send("GET", server.uri("/fhir/Practitioner/x")).statusCode())
                .isEqualTo(404);
    }
}
