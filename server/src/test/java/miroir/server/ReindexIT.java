package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import miroir.server.BusyClients.Watched;
import miroir.server.BusyClients.Writing;
import miroir.server.KnownOrganizations.Content;
import miroir.server.SearchedServer.Found;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@link SearchChangeIT} at full size, with real processes: one is killed and started again while everything is made ready for a parameter, the
 * other stands still for longer than a lease. Whoever is asked meanwhile is right, or refuses; in the end everything is found.
 */
@Tag("soak")
@ExtendWith(MongoExtension.class)
final class ReindexIT {
    private static final int RESOURCES = Integer.getInteger("miroir.resources", 200_000);
    private static final int OF_ONE_VALUE = 100;
    private static final int IN_A_BUNDLE = 500;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** More than twice the lease of who searches. */
    private static final Duration STANDSTILL = Duration.ofSeconds(45);

    private static final Pattern STORED = Pattern.compile("\"name\":\"([^\"]+)\",\"alias\":\\[\"([^\"]+)\"");

    private final long seed = Long.getLong("miroir.seed", 1);
    private final int values = Math.max(1, RESOURCES / OF_ONE_VALUE);
    private final KnownOrganizations known = new KnownOrganizations();
    private final List<ServerProcess> processes = new ArrayList<>();
    private final List<SearchedServer> servers = new ArrayList<>();
    private BusyClients clients;

    @BeforeEach
    void start(TestDatabase database, @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) throws Exception {
        Path token = Files.writeString(folder.resolve("token"), TestServer.TOKEN + "\n");
        for (int i = 0; i < 2; i++) {
            ServerProcess process = new ServerProcess(
                    database,
                    folder.resolve("server-" + i + ".log"),
                    () -> List.of("-Xmx512m"),
                    Map.of(
                            "MIROIR_TYPES",
                            "Organization,SearchParameter",
                            "MIROIR_WRITE_TOKEN_FILE",
                            token.toString()));
            processes.add(process);
            servers.add(new SearchedServer(process::uri));
        }
        for (ServerProcess process : processes) {
            await().atMost(PATIENCE).until(process::isReady);
        }
        clients = new BusyClients(known, servers, values, Writing.freely(), true);
        load();
    }

    private void load() throws Exception {
        Random random = new Random(seed);
        for (int from = 0; from < RESOURCES; from += IN_A_BUNDLE) {
            List<String> entries = new ArrayList<>();
            for (int i = from; i < Math.min(RESOURCES, from + IN_A_BUNDLE); i++) {
                Content content = clients.content(random);
                known.attempt("o" + i, content);
                entries.add("{\"resource\":" + content.json("o" + i)
                        + ",\"request\":{\"method\":\"PUT\",\"url\":\"Organization/o" + i + "\"}}");
            }
            HttpResponse<String> loaded = servers.get(0)
                    .write(
                            "POST",
                            "/fhir",
                            "{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":[" + String.join(",", entries)
                                    + "]}");
            assertThat(loaded.body()).doesNotContain("OperationOutcome");
            for (int i = from; i < Math.min(RESOURCES, from + IN_A_BUNDLE); i++) {
                known.acknowledge("o" + i);
            }
        }
    }

    @AfterEach
    void stop() {
        clients.close();
        processes.forEach(ServerProcess::close);
    }

    @Test
    void change_serversKilledAndStandingStill_searchesAreRightOrRefused() throws Exception {
        clients.start(seed);
        clients.takeNanos();
        pass(Duration.ofSeconds(20));
        List<Long> before = clients.takeNanos();

        clients.watch(List.of(new Watched("handle", List.of(Content::alias))));
        long begin = System.nanoTime();
        write("alias");
        awaitAnswered();
        double undisturbed = seconds(begin);
        List<Long> during = clients.takeNanos();
        awaitExact(Content::alias);

        clients.watch(List.of(new Watched("handle", List.of(Content::alias, Content::name))));
        begin = System.nanoTime();
        write("name");
        await().atMost(PATIENCE).until(() -> status(1) == 503);
        processes.get(0).restart();
        await().atMost(PATIENCE).until(processes.get(0)::isReady);
        processes.get(1).pause();
        pass(STANDSTILL);
        processes.get(1).goOn();
        awaitAnswered();
        double disturbed = seconds(begin);

        clients.watch(List.of(new Watched("handle", List.of(Content::name))));
        pass(Duration.ofSeconds(5));
        clients.stop();
        assertThat(clients.answered("handle", 200)).isPositive();
        assertThat(clients.answered("handle", 503)).isPositive();
        settle();
        awaitExact(Content::name);
        report(before, during, undisturbed, disturbed);
    }

    private void write(String element) throws Exception {
        String parameter = "{\"resourceType\":\"SearchParameter\",\"id\":\"handle\",\"url\":\"http://x.org/handle\","
                + "\"name\":\"Handle\",\"status\":\"active\",\"description\":\"X\",\"code\":\"handle\","
                + "\"base\":[\"Organization\"],\"type\":\"string\",\"expression\":\"Organization." + element + "\"}";
        assertThat(servers.get(1)
                        .write("PUT", "/fhir/SearchParameter/handle", parameter)
                        .statusCode())
                .isIn(200, 201);
    }

    private static void pass(Duration time) {
        await().pollDelay(time).atMost(time.plusMinutes(1)).until(() -> true);
    }

    private int status(int server) throws Exception {
        return servers.get(server).search("handle=value-00000").status();
    }

    private void awaitAnswered() {
        for (int i = 0; i < servers.size(); i++) {
            int server = i;
            await().atMost(Duration.ofHours(1))
                    .pollInterval(Duration.ofMillis(250))
                    .ignoreExceptions()
                    .until(() -> status(server) == 200);
        }
    }

    /** Every value, on both servers. */
    private void awaitExact(Function<Content, String> meaning) throws Exception {
        for (SearchedServer server : servers) {
            for (int i = 0; i < values; i++) {
                String value = BusyClients.value(i);
                long since = known.moment();
                Found found = server.search("handle=" + value);
                assertThat(found.status()).as(found.body()).isEqualTo(200);
                assertThat(known.wrong(since, meaning, value, found.ids())).isEmpty();
            }
        }
    }

    /** What was not answered may have come through. */
    private void settle() throws Exception {
        for (String id : known.unsettled()) {
            Matcher stored = STORED.matcher(
                    servers.get(0).get("/fhir/Organization/" + id).body());
            known.settle(id, stored.find() ? new Content(stored.group(1), stored.group(2)) : null);
        }
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }

    private void report(List<Long> before, List<Long> during, double undisturbed, double disturbed) throws Exception {
        String figures = String.format(
                Locale.ROOT,
                "{\"resources\": %d, \"secondsOfAChange\": %.1f, \"documentsPerSecond\": %.0f,"
                        + " \"secondsWithAKillAndAStandstill\": %.1f, \"searchesBefore\": %s, \"searchesMeanwhile\": %s}",
                known.size(),
                undisturbed,
                known.size() / undisturbed,
                disturbed,
                millis(before),
                millis(during));
        System.out.println(figures);
        String result = System.getProperty("miroir.soak.result");
        if (result != null) {
            Files.writeString(Path.of(result), figures);
        }
    }

    private static String millis(List<Long> nanos) {
        return String.format(
                Locale.ROOT,
                "{\"count\": %d, \"p50\": %.1f, \"p95\": %.1f, \"p99\": %.1f}",
                nanos.size(),
                at(nanos, 0.5),
                at(nanos, 0.95),
                at(nanos, 0.99));
    }

    private static double at(List<Long> nanos, double share) {
        return nanos.isEmpty() ? 0 : nanos.get((int) (share * (nanos.size() - 1))) / 1e6;
    }
}
