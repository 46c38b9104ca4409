package miroir.benchmarks.questions;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import miroir.benchmarks.DirectoryLoad;
import miroir.benchmarks.HttpConnection;
import miroir.benchmarks.Machine;
import miroir.benchmarks.Median;
import miroir.benchmarks.ProcessCpu;
import miroir.benchmarks.ShippedServer;
import miroir.index.SearchParameterRegistry;
import miroir.index.registry.RegistryLoader;
import miroir.index.registry.ShippedSearch;
import miroir.index.structure.ServedTypes;
import miroir.simulator.Directory;
import miroir.simulator.Kind;
import org.bson.Document;
import org.bson.RawBsonDocument;

/**
 * Asks each question about some hundred people of a made-up directory, one after the other over one connection, and then the same
 * questions by hand; so in every round, each way first in turn. All answers are compared before anything is measured.
 */
final class QuestionsBenchmark {
    private static final int PRACTITIONERS = Integer.getInteger("miroir.questions.practitioners", 100_000);
    private static final int ASKED = Integer.getInteger("miroir.questions.asked", 200);
    private static final int ROUNDS = 5;
    private static final int WARM_UPS = 5;
    private static final long SEED = 20_261_127L;

    private final String uri;
    private final String name;
    private final String revision;
    private final Consumer<String> progress;

    QuestionsBenchmark(String uri, String name, String revision, Consumer<String> progress) {
        this.uri = uri;
        this.name = name;
        this.revision = revision;
        this.progress = progress;
    }

    /** Who is asked, and what is measured. */
    private static final class Bench implements Closeable {
        private final ShippedServer server;
        private final ByHand byHand;
        private final long databasePid;
        private HttpConnection connection;

        Bench(ShippedServer server, ByHand byHand, long databasePid) throws IOException {
            this.server = server;
            this.byHand = byHand;
            this.databasePid = databasePid;
            this.connection = new HttpConnection(server.port());
        }

        /** The server does not wait for as long as some things take by hand. */
        void reconnect() throws IOException {
            connection.close();
            connection = new HttpConnection(server.port());
        }

        String served(Question question, Somebody about) {
            String query = "/fhir/" + question.query(about);
            try {
                int status = connection.get(query);
                if (status != 200) {
                    throw new IllegalStateException(query + " was answered with " + status + ": " + connection.body());
                }
            } catch (IOException e) {
                throw new IllegalStateException("no answer to " + query, e);
            }
            return query;
        }

        @Override
        public void close() throws IOException {
            connection.close();
        }
    }

    /** One question about somebody, one way. */
    private interface Asking {
        void ask(Somebody about);
    }

    QuestionsReport run() throws IOException, InterruptedException, ExecutionException {
        SearchParameterRegistry registry =
                RegistryLoader.load(ServedTypes.of(ServedTypes.DIRECTORY), ShippedSearch.files());
        Directory directory = new Directory(SEED, PRACTITIONERS);
        try (MongoClient client = MongoClients.create(uri)) {
            client.getDatabase(name).drop();
            Document status = client.getDatabase("admin").runCommand(new Document("serverStatus", 1));
            new DirectoryLoad(uri, name, progress).run(directory);
            Machine machine = Machine.here(status.getString("version"));
            List<Answered> answered;
            try (ShippedServer server =
                            ShippedServer.start(uri, name, Files.createTempDirectory("miroir-bench"), Map.of());
                    Bench bench = new Bench(
                            server,
                            new ByHand(client.getDatabase(name), registry),
                            status.get("pid", Number.class).longValue())) {
                answered = answer(bench, Somebody.some(directory, ASKED, SEED));
            }
            client.getDatabase(name).drop();
            return new QuestionsReport(
                    LocalDate.now(ZoneOffset.UTC).toString(),
                    revision,
                    sizes(directory),
                    ASKED,
                    ROUNDS,
                    machine,
                    answered);
        }
    }

    private static String sizes(Directory directory) {
        return String.join(
                ", ",
                Arrays.stream(Kind.values())
                        .map(kind -> directory.size(kind) + " " + kind.type())
                        .toList());
    }

    private List<Answered> answer(Bench bench, List<Somebody> people) throws IOException {
        List<Answered> answered = new ArrayList<>();
        for (Question question : Question.values()) {
            bench.reconnect();
            List<Integer> matches = compare(bench, question, people);
            for (int i = 0; i < WARM_UPS; i++) {
                people.forEach(about -> bench.served(question, about));
                if (question.isAskedByHand()) {
                    people.forEach(about -> bench.byHand.answer(question, about));
                }
            }
            answered.add(measure(bench, question, people, (int) Median.of(matches, Integer::doubleValue)));
        }
        return answered;
    }

    /** A comparison of ways that answer different things would be worth nothing. Returns how many matches each page has. */
    private static List<Integer> compare(Bench bench, Question question, List<Somebody> people) {
        List<Integer> matches = new ArrayList<>();
        for (Somebody about : people) {
            String query = bench.served(question, about);
            Document served = Document.parse(bench.connection.body());
            matches.add(served(served, "match").size());
            if (!question.isAskedByHand()) {
                continue;
            }
            ByHand.Found byHand = bench.byHand.answer(question, about);
            List<String> shown = served(served, "match");
            same(
                    query,
                    "matches",
                    shown,
                    byHand(byHand.matches()).limit(Question.PAGE).toList());
            same(
                    query,
                    "included",
                    served(served, "include").stream().sorted().toList(),
                    byHand(byHand.included()).distinct().sorted().toList());
        }
        return matches;
    }

    private static void same(String query, String what, List<String> served, List<String> byHand) {
        if (!served.equals(byHand)) {
            throw new IllegalStateException("%s was answered with %d %s, by hand are %d, or others"
                    .formatted(query, served.size(), what, byHand.size()));
        }
    }

    private static List<String> served(Document page, String mode) {
        return page.getList("entry", Document.class, List.of()).stream()
                .filter(entry ->
                        entry.get("search", Document.class).getString("mode").equals(mode))
                .map(entry -> entry.get("resource", Document.class))
                .map(resource -> resource.getString("resourceType") + "/" + resource.getString("id"))
                .toList();
    }

    private static Stream<String> byHand(List<RawBsonDocument> found) {
        return found.stream()
                .map(each -> each.getDocument("fhir").getString("resourceType").getValue() + "/"
                        + each.getString("_id").getValue());
    }

    private Answered measure(Bench bench, Question question, List<Somebody> people, int matches) throws IOException {
        List<Timed> served = new ArrayList<>();
        List<Timed> byHand = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            for (boolean isServed : round % 2 == 0 ? new boolean[] {true, false} : new boolean[] {false, true}) {
                if (isServed) {
                    bench.reconnect();
                    served.add(
                            timed(bench, bench.server.process().pid(), people, about -> bench.served(question, about)));
                } else if (question.isAskedByHand()) {
                    byHand.add(timed(
                            bench,
                            ProcessHandle.current().pid(),
                            people,
                            about -> bench.byHand.answer(question, about)));
                }
            }
        }
        Answered answered = new Answered(
                question,
                "/fhir/" + question.query(people.get(0)),
                matches,
                Timed.median(served),
                byHand.isEmpty() ? null : Timed.median(byHand));
        Timed hand = answered.byHand();
        progress.accept("%s: %.2f ms%s"
                .formatted(
                        question.title(),
                        answered.served().p50Millis(),
                        hand == null ? "" : ", by hand %.2f ms".formatted(hand.p50Millis())));
        return answered;
    }

    private static Timed timed(Bench bench, long pid, List<Somebody> people, Asking asking) {
        double own = ProcessCpu.seconds(pid);
        double database = ProcessCpu.seconds(bench.databasePid);
        long[] nanos = new long[people.size()];
        for (int i = 0; i < nanos.length; i++) {
            long began = System.nanoTime();
            asking.ask(people.get(i));
            nanos[i] = System.nanoTime() - began;
        }
        return Timed.of(nanos, ProcessCpu.seconds(pid) - own, ProcessCpu.seconds(bench.databasePid) - database);
    }
}
