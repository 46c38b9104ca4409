package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import miroir.index.store.ResourceStore;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However many searches wait for the database, they hold no memory that others could use. */
class TurnBeforeMemoryIT {
    /** What one page of a type of which nothing is known is expected to need, at least. */
    private static final long EACH = 3L * (16 << 20);

    private static final String DEVICE = "{\"resourceType\":\"Device\",\"status\":\"active\"}";

    @ParameterizedTest
    @ValueSource(strings = {"/fhir/Practitioner", "/fhir/Practitioner/_history"})
    void read_whileSearchesWaitForTheirTurn_isAnswered(String path) throws Exception {
        CountDownLatch turn = new CountDownLatch(1);
        int searches = (int) (Runtime.getRuntime().maxMemory() / 2 / EACH) + 1;
        CountDownLatch waiting = new CountDownLatch(searches);
        String yaml = "database: {operationTimeout: 1s}\nsearch: {deadline: 1m}\nlimits: {searches: 10000}";
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        try (TestServer server = TestServer.start(yaml, inTurn(waiting, turn), false)) {
            try {
                for (int i = 0; i < searches; i++) {
                    answers.add(
                            CompletableFuture.supplyAsync(() -> send(server, path), task -> new Thread(task).start()));
                }
                waiting.await();

                assertThat(send(server, "/fhir/Device/none").statusCode()).isEqualTo(404);
                // What a conditional write looks up has other turns: it has its memory already, and searches wait for
                // that.
                assertThat(Http.write("PUT", server.uri("/fhir/Device?status=active"), DEVICE)
                                .statusCode())
                        .isEqualTo(201);
            } finally {
                turn.countDown();
            }
            assertThat(answers)
                    .allSatisfy(answer -> assertThat(answer.join().statusCode()).isEqualTo(200));
        }
    }

    /** A store in which it is nobody's turn for a while. */
    private static ResourceStore inTurn(CountDownLatch waiting, CountDownLatch turn) {
        ResourceStore store = TestServer.memory();
        return (ResourceStore) Proxy.newProxyInstance(
                ResourceStore.class.getClassLoader(),
                new Class<?>[] {ResourceStore.class},
                (proxy, method, arguments) -> {
                    if (!method.getName().equals("inTurn")) {
                        return method.invoke(store, arguments);
                    }
                    waiting.countDown();
                    turn.await();
                    return ((Supplier<?>) arguments[1]).get();
                });
    }

    private static HttpResponse<String> send(TestServer server, String path) {
        try {
            return Http.send("GET", server.uri(path));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
