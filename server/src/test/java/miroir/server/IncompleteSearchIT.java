package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import miroir.index.store.ForwardingStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Searches of types of which some resources keep search fields of before. */
@TestInstance(Lifecycle.PER_CLASS)
final class IncompleteSearchIT {
    private static final String WARNING = "some of Practitioner may be missing";

    private TestServer server;

    private static final class Incomplete extends ForwardingStore {
        Incomplete() {
            super(TestServer.memory());
        }

        @Override
        public Set<String> incompleteTypes() {
            return Set.of("Practitioner");
        }
    }

    @BeforeAll
    void start() throws Exception {
        server = TestServer.start("", new Incomplete(), false);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private String get(String query) throws Exception {
        return Http.send("GET", server.uri("/fhir" + query)).body();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/Practitioner?family=a",
                "/Practitioner?_sort=family",
                "/PractitionerRole?practitioner.family=a",
                "/Organization?_has:PractitionerRole:organization:practitioner.family=a",
                "?_type=Practitioner,Organization&identifier=a"
            })
    void search_byWhatMayBeMissing_saysSo(String query) throws Exception {
        assertThat(get(query)).contains(WARNING, "\"mode\":\"outcome\"", "\"code\":\"incomplete\"");
    }

    @Test
    void write_byWhatMayNotBeFound_isRefused() throws Exception {
        String practitioner = "{\"resourceType\":\"Practitioner\"}";
        for (HttpResponse<String> refused : List.of(
                Http.write("POST", server.uri("/fhir/Practitioner"), practitioner, "If-None-Exist", "identifier=1"),
                Http.write("PUT", server.uri("/fhir/Practitioner?identifier=1"), practitioner),
                Http.write("DELETE", server.uri("/fhir/Practitioner?identifier=1"), ""))) {
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
            assertThat(refused.body()).contains("some of Practitioner cannot be found", "/health/ready");
        }
        assertThat(Http.write("POST", server.uri("/fhir/Practitioner"), practitioner)
                        .statusCode())
                .isEqualTo(201);
    }

    @Test
    void search_byOthers_saysNothing() throws Exception {
        assertThat(get("/Organization?name=a")).contains("\"total\":0").doesNotContain("may be missing");
        assertThat(get("/Practitioner")).contains("\"total\":").doesNotContain("may be missing");
    }
}
