package miroir.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import miroir.server.Http;
import miroir.server.ServerProcess;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The validator costs nothing until it is needed. */
@ExtendWith(MongoExtension.class)
final class LazyValidatorIT {
    private static final byte[] ORGANIZATION =
            "{\"resourceType\":\"Organization\",\"name\":\"n\"}".getBytes(StandardCharsets.UTF_8);

    @Test
    void validator_isLoadedByTheFirstRequest(TestDatabase database, @TempDir Path folder) throws Exception {
        Path classes = folder.resolve("classes.log");
        try (ServerProcess server = start(database, folder, "-Xmx1g", "-Xlog:class+load=info:file=" + classes)) {
            assertThat(Http.send("GET", server.uri("/fhir/metadata")).body()).contains("Resource-validate");
            assertThat(Files.readString(classes))
                    .contains("miroir.validation.MakeHapiValidator")
                    .doesNotContain(
                            "miroir.validation.HapiValidator ", "org.hl7.fhir.r5.utils", "fhir.common.hapi.validation");

            HttpResponse<String> found = validate(server);
            assertThat(found.statusCode()).as(found.body()).isEqualTo(200);
            assertThat(Files.readString(classes)).contains("org.hl7.fhir.r5.utils");
        }
    }

    /** In another version either: one of both would be on the class path, and nobody has said which. */
    @Test
    void validator_bringsNothingThatTheServerHas() {
        assertThat(jars("validation"))
                .anyMatch("hapi-fhir-validation"::equals)
                .doesNotContainAnyElementsOf(jars("server"));
    }

    private static List<String> jars(String module) {
        Path folder = Path.of(System.getProperty("miroir.root"), module, "target", "app");
        return Stream.of(Objects.requireNonNull(folder.toFile().list()))
                .map(jar -> jar.replaceFirst("-[0-9].*", ""))
                .toList();
    }

    private static ServerProcess start(TestDatabase database, Path folder, String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of(options));
        all.add("-XX:+ExitOnOutOfMemoryError");
        ServerProcess server = new ServerProcess(
                List.of(Path.of("server"), Path.of("validation")),
                database,
                folder.resolve("server.log"),
                () -> all,
                Map.of("MIROIR_TYPES", "Organization", "MIROIR_WRITABLE", "true"));
        await().atMost(Duration.ofMinutes(2)).until(server::isReady);
        return server;
    }

    private static HttpResponse<String> validate(ServerProcess server) throws Exception {
        return Http.send(
                "POST",
                server.uri("/fhir/Organization/$validate"),
                ORGANIZATION,
                "Content-Type",
                "application/fhir+json");
    }
}
