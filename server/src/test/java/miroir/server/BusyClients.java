package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import miroir.server.KnownOrganizations.Content;
import miroir.server.SearchedServer.Found;

/**
 * Clients that write through several servers, and others that search there all the time by a parameter that nobody changes and by those
 * that somebody may change. Whatever is wrong is told at the end.
 */
final class BusyClients implements AutoCloseable {
    private static final String UNCHANGED = "identifier";

    private final KnownOrganizations known;
    private final List<SearchedServer> servers;
    private final int values;
    private final Writing writing;
    private final boolean serversMayBreak;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ConcurrentLinkedQueue<String> wrong = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();
    private final ConcurrentHashMap<String, Long> answers = new ConcurrentHashMap<>();
    private volatile List<Watched> watched = List.of();
    private volatile boolean stopping;

    /**
     * A parameter that may change.
     *
     * @param meanings what it may select at present
     */
    record Watched(String code, List<Function<Content, String>> meanings) {}

    /**
     * How much is written at each server.
     *
     * @param most how many organizations there will be
     * @param pause after each write
     */
    record Writing(int most, Duration pause) {
        static Writing freely() {
            return new Writing(Integer.MAX_VALUE, Duration.ZERO);
        }
    }

    /**
     * Clients of these servers.
     *
     * @param values how many there are; names and aliases are drawn from the same ones, so that no meaning finds nothing
     * @param serversMayBreak whether a request may fail
     */
    BusyClients(
            KnownOrganizations known,
            List<SearchedServer> servers,
            int values,
            Writing writing,
            boolean serversMayBreak) {
        this.writing = writing;
        this.known = known;
        this.servers = servers;
        this.values = values;
        this.serversMayBreak = serversMayBreak;
    }

    static String value(int number) {
        return String.format("value-%05d", number);
    }

    Content content(Random random) {
        return new Content(anyValue(random), anyValue(random));
    }

    private String anyValue(Random random) {
        return value(random.nextInt(values));
    }

    /** How often searches by a parameter were answered so. */
    long answered(String code, int status) {
        return answers.getOrDefault(code + " " + status, 0L);
    }

    /** One writer and one searcher at each server. */
    void start(long seed) {
        for (int i = 0; i < servers.size(); i++) {
            int at = i;
            threads.execute(() -> repeat(new Writer(at, new Random(seed + at))::write));
            threads.execute(() -> repeat(new Searcher(at, new Random(seed - 1 - at))::search));
        }
    }

    void watch(List<Watched> parameters) {
        watched = parameters;
    }

    /** How long searches by the parameter that nobody changes took since the last time, in order. */
    List<Long> takeNanos() {
        List<Long> taken = new ArrayList<>();
        for (Long each = nanos.poll(); each != null; each = nanos.poll()) {
            taken.add(each);
        }
        taken.sort(null);
        return taken;
    }

    private void repeat(Once once) {
        while (!stopping) {
            try {
                once.run();
            } catch (Exception | AssertionError e) {
                wrong.add(e.toString());
                return;
            }
        }
    }

    private interface Once {
        void run() throws Exception;
    }

    private final class Writer {
        private final int server;
        private final Random random;
        private int made;

        Writer(int server, Random random) {
            this.server = server;
            this.random = random;
        }

        /** One of its own; what was not answered is never written again. */
        void write() throws Exception {
            String id = "w" + server + "-"
                    + (made < writing.most() && random.nextInt(4) == 0 ? made++ : random.nextInt(made + 1));
            if (known.isUnsettled(id)) {
                return;
            }
            LockSupport.parkNanos(writing.pause().toNanos());
            Content content = content(random);
            known.attempt(id, content);
            try {
                HttpResponse<String> answer =
                        servers.get(server).write("PUT", "/fhir/Organization/" + id, content.json(id));
                if (answer.statusCode() < 300) {
                    known.acknowledge(id);
                } else if (!serversMayBreak) {
                    wrong.add("a write was answered with " + answer.statusCode() + " " + answer.body());
                }
            } catch (IOException e) {
                awaitServer(server, e);
            }
        }
    }

    private final class Searcher {
        private final int server;
        private final Random random;

        Searcher(int server, Random random) {
            this.server = server;
            this.random = random;
        }

        void search() throws Exception {
            long begin = System.nanoTime();
            if (ask(UNCHANGED, List.of(Content::name), anyValue(random)) == 200) {
                nanos.add(System.nanoTime() - begin);
            }
            for (Watched parameter : watched) {
                ask(parameter.code(), parameter.meanings(), anyValue(random));
            }
        }

        /** Exactly right by one of the meanings or, where there may be others soon, refused. */
        private int ask(String code, List<Function<Content, String>> meanings, String value) throws Exception {
            long since = known.moment();
            Found answer;
            try {
                answer = servers.get(server).search(code + "=" + value);
            } catch (IOException e) {
                awaitServer(server, e);
                return 0;
            }
            answers.merge(code + " " + answer.status(), 1L, Long::sum);
            boolean mayBeRefused = serversMayBreak || !code.equals(UNCHANGED);
            if (answer.status() == 200) {
                List<String> differences = meanings.stream()
                        .map(meaning -> known.wrong(since, meaning, value, answer.ids()))
                        .toList();
                if (!differences.contains("")) {
                    wrong.add("server " + server + ", " + code + "=" + differences);
                }
            } else if (!mayBeRefused
                    || (answer.status() != 503 && (answer.status() != 400 || code.equals(UNCHANGED)))) {
                wrong.add(
                        "server " + server + ", " + code + "=" + value + ": " + answer.status() + " " + answer.body());
            }
            return answer.status();
        }
    }

    private void awaitServer(int server, IOException failure) throws IOException {
        if (!serversMayBreak) {
            throw failure;
        }
        await().atMost(Duration.ofMinutes(5))
                .until(() -> stopping || servers.get(server).isReady());
    }

    /** Ends them, and fails where something was wrong. */
    void stop() throws InterruptedException {
        stopping = true;
        threads.shutdown();
        assertThat(threads.awaitTermination(2, TimeUnit.MINUTES)).isTrue();
        assertThat(wrong).isEmpty();
    }

    @Override
    public void close() {
        stopping = true;
        threads.shutdownNow();
    }
}
