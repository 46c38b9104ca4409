package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("smoke")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(MongoExtension.class)
final class CrudIT {
    private TestServer server;

    @BeforeAll
    void start(TestDatabase database) throws Exception {
        server = TestServer.start(database);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void update_ofUnknownId_createsAndReadsBack() throws Exception {
        String sent =
                "{\"resourceType\":\"Practitioner\",\"id\":\"p1\",\"active\":true,\"name\":[{\"family\":\"Œuvré 😀\"}]}";
        HttpResponse<String> created = Http.write("PUT", server.uri("/fhir/Practitioner/p1"), sent);

        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(created.headers().firstValue("ETag")).hasValue("W/\"1\"");
        assertThat(created.headers().firstValue("Location")).hasValue(server.base() + "/Practitioner/p1/_history/1");

        HttpResponse<String> read = Http.send("GET", server.uri("/fhir/Practitioner/p1"));
        assertThat(read.statusCode()).isEqualTo(200);
        assertThat(read.body()).contains("\"versionId\":\"1\"");
        assertThat(read.headers().allValues("Date")).hasSize(1);
    }
}
