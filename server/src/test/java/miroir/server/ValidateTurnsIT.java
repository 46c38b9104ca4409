package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import miroir.server.validation.AgreeableValidator;
import org.junit.jupiter.api.Test;

final class ValidateTurnsIT {
    private static final String ENDLESS =
            "{\"resourceType\":\"Practitioner\",\"id\":\"" + AgreeableValidator.ENDLESS + "\"}";

    /** The time of one ends before the other's, but it does not end, and leaves its turn to nobody. */
    @Test
    void validate_whileAllTurnsAreTaken_isRefusedUntilOneEnds() throws Exception {
        ExecutorService another = Executors.newSingleThreadExecutor();
        AgreeableValidator.holdUp();
        try (TestServer server = TestServer.start("validation: {concurrent: 1, overdue: 0, timeout: 1s}\n")) {
            Callable<HttpResponse<String>> validate = () -> validate(server, ENDLESS);
            Future<HttpResponse<String>> endless = another.submit(validate);
            AgreeableValidator.awaitHeldUp();

            HttpResponse<String> refused = validate(server, "{\"resourceType\":\"Practitioner\"}");
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            assertThat(Outcome.of(refused).getIssueFirstRep().getDiagnostics()).contains("validation.concurrent");
            assertThat(endless.get().statusCode()).isEqualTo(503);

            AgreeableValidator.letGo();
            // It ends by itself, in a thread that nobody sees.
            await().until(() ->
                    validate(server, "{\"resourceType\":\"Practitioner\"}").statusCode() == 200);
        } finally {
            AgreeableValidator.letGo();
            another.shutdownNow();
        }
    }

    private static HttpResponse<String> validate(TestServer server, String resource) throws Exception {
        return Http.write("POST", server.uri("/fhir/Practitioner/$validate"), resource);
    }
}
