package miroir.benchmarks.operations;

import java.io.IOException;
import java.net.URI;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import miroir.benchmarks.BatchAnswer;
import miroir.benchmarks.BatchBundle;
import miroir.benchmarks.HttpConnection;
import miroir.benchmarks.Machine;
import miroir.benchmarks.questions.Somebody;
import miroir.simulator.Directory;
import miroir.simulator.Kind;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * The same operations of somebody else's server, which is known by its address only. It has to have a directory, or is given one; whom it is asked about is found
 * on it.
 *
 * @param pids of its processes, where they are on this machine: their CPU is counted
 * @param token that it wants of who asks
 */
record OtherServer(
        URI base, Plan plan, List<Long> pids, @Nullable String token, String revision, Consumer<String> progress) {
    private static final long SEED = 20_261_130L;
    private static final int BATCH = BatchBundle.SIZE;
    private static final int PEOPLE = 500;
    private static final int PAGES = 10;
    private static final int LOOKED_UP = 50;

    /** Stores a made-up directory of so many practitioners there, in batches; what is not stored ends it. */
    void load(int practitioners) throws IOException {
        Directory directory = new Directory(SEED, practitioners);
        try (HttpConnection connection = asked(List.of(), "").storing()) {
            // What is referred to comes first, for servers that look.
            for (Kind kind : List.of(
                    Kind.ORGANIZATION,
                    Kind.PRACTITIONER,
                    Kind.PRACTITIONER_ROLE,
                    Kind.HEALTHCARE_SERVICE,
                    Kind.DEVICE)) {
                long began = System.nanoTime();
                for (long first = 0; first < directory.size(kind); first += BATCH) {
                    store(connection, directory, kind, first, Math.min(first + BATCH, directory.size(kind)));
                }
                progress.accept("%d of %s in %.1f s"
                        .formatted(directory.size(kind), kind.type(), (System.nanoTime() - began) / 1e9));
            }
        }
    }

    private void store(HttpConnection connection, Directory directory, Kind kind, long first, long end)
            throws IOException {
        String target = base.getRawPath().isEmpty() ? "/" : base.getRawPath();
        int status = connection.send("POST", target, "application/fhir+json", batch(directory, kind, first, end));
        if (status != 200) {
            throw new IllegalStateException("a batch was answered with " + status + ": " + connection.body());
        }
        BatchAnswer.check(connection.body(), end - first);
    }

    private static byte[] batch(Directory directory, Kind kind, long first, long end) {
        BatchBundle batch = new BatchBundle();
        for (long number = first; number < end; number++) {
            String id = directory.resource(kind, number).getString("id").getValue();
            batch.put(kind.type(), id, directory.json(kind, number));
        }
        return batch.end();
    }

    Report measure(@Nullable LastRun last) throws Exception {
        Machine machine = Machine.here("");
        List<BsonDocument> changed = new ArrayList<>();
        List<Somebody> people = found(changed);
        if (people.isEmpty()) {
            throw new IllegalStateException(
                    base
                            + " shows no PractitionerRole with a code that refers to a Practitioner with an identifier, a surname and a given name, and to an Organization with a name and a postal code; --load N stores a directory there");
        }
        List<Asked> ways = List.of(asked(people, since(changed)));
        List<Measurement> medians = new Comparison(plan, ways, Map.of(Way.OTHER, pids), 0, progress).run();
        return new Report(
                LocalDate.now(ZoneOffset.UTC).toString(),
                revision,
                base.toString(),
                plan,
                machine,
                medians,
                List.of(),
                0,
                0,
                last);
    }

    private Asked asked(List<Somebody> people, String since) {
        return new Asked(Way.OTHER, base, people, since, token);
    }

    /** Who has a role on its first pages. */
    private List<Somebody> found(List<BsonDocument> practitioners) throws IOException {
        List<Somebody> people = new ArrayList<>();
        try (HttpConnection connection = asked(List.of(), "").connection()) {
            String next = base.getRawPath() + "/PractitionerRole?_count=" + BATCH;
            for (int page = 0; next != null && page < PAGES && people.size() < PEOPLE; page++) {
                List<BsonDocument> roles = resources(connection, next);
                next = Asked.next(connection.reader());
                Map<String, BsonDocument> those = lookUp(connection, roles, "practitioner");
                Map<String, BsonDocument> places = lookUp(connection, roles, "organization");
                practitioners.addAll(those.values());
                roles.stream()
                        .flatMap(role -> somebody(role, those, places))
                        .filter(Operation::isAskedAbout)
                        .limit(PEOPLE - people.size())
                        .forEach(people::add);
            }
        }
        return people;
    }

    private static Stream<Somebody> somebody(
            BsonDocument role, Map<String, BsonDocument> practitioners, Map<String, BsonDocument> places) {
        return Somebody.of(
                practitioners.getOrDefault(id(role, "practitioner"), new BsonDocument()),
                places.getOrDefault(id(role, "organization"), new BsonDocument()),
                role);
    }

    private Map<String, BsonDocument> lookUp(HttpConnection connection, List<BsonDocument> roles, String element)
            throws IOException {
        Set<String> ids = new LinkedHashSet<>();
        roles.forEach(role -> ids.add(id(role, element)));
        ids.remove("");
        List<String> wanted = List.copyOf(ids);
        Map<String, BsonDocument> found = new HashMap<>();
        String type = element.equals("practitioner") ? "Practitioner" : "Organization";
        for (int i = 0; i < wanted.size(); i += LOOKED_UP) {
            List<String> some = wanted.subList(i, Math.min(i + LOOKED_UP, wanted.size()));
            resources(
                            connection,
                            base.getRawPath() + "/" + type + "?_id=" + String.join(",", some) + "&_count=" + LOOKED_UP)
                    .forEach(each ->
                            found.put(each.getString("id", new BsonString("")).getValue(), each));
        }
        return found;
    }

    private static String id(BsonDocument role, String element) {
        BsonValue reference = role.getDocument(element, new BsonDocument()).get("reference");
        return reference == null
                ? ""
                : reference
                        .asString()
                        .getValue()
                        .substring(reference.asString().getValue().lastIndexOf('/') + 1);
    }

    private static List<BsonDocument> resources(HttpConnection connection, String target) throws IOException {
        int status = connection.get(target);
        if (status != 200) {
            throw new IllegalStateException(target + " was answered with " + status + ": " + connection.body());
        }
        BsonDocument bundle = BsonDocument.parse(connection.body());
        return bundle.getArray("entry", new BsonArray()).stream()
                .map(entry -> entry.asDocument().getDocument("resource", new BsonDocument()))
                .toList();
    }

    /** When the practitioner in the middle of those that were met was changed last. */
    private static String since(List<BsonDocument> practitioners) {
        List<String> instants = practitioners.stream()
                .map(each -> each.getDocument("meta", new BsonDocument()).get("lastUpdated"))
                .filter(each -> each != null)
                .map(each -> each.asString().getValue())
                .sorted()
                .toList();
        return instants.isEmpty() ? "2000-01-01T00:00:00Z" : instants.get(instants.size() / 2);
    }
}
