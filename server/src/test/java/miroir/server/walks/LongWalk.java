package miroir.server.walks;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import miroir.server.Http;
import miroir.server.TestServer;
import miroir.storage.StoresOfManyEnded;
import miroir.storage.testing.TestDatabase;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * One walk through thousands of pages, there and back, of which each is followed by several writes: by its end nearly everything that it
 * shows has been replaced, many times, and lies in history. Now and then the server is another one, which has just begun.
 */
final class LongWalk {
    private static final int RESTARTS = 2;
    private static final int AT_ONCE = 200;
    static final int ON_A_PAGE = 5;
    private static final List<String> NAMES = List.of("ada", "bea", "cleo", "dora", "ella", "fay", "gina", "hana");

    private static final int WRITES = 3;

    private final TestDatabase database;
    private final Subject subject;
    private final int resources;
    private final Random random;
    private TestServer server;
    private int written;

    /** What is walked through: the resources, and how they are asked for and sorted. */
    enum Subject {
        /** By a key of which there are several. */
        GIVEN_NAMES("Practitioner", "given,-family") {
            @Override
            Document random(Document made, Random random) {
                List<String> given = IntStream.range(0, random.nextInt(3))
                        .mapToObj(i -> NAMES.get(random.nextInt(NAMES.size())))
                        .toList();
                Document name = new Document("family", NAMES.get(random.nextInt(NAMES.size())));
                return made.append("name", List.of(given.isEmpty() ? name : name.append("given", given)));
            }

            @Override
            @Nullable
            String key(Document resource) {
                Document name = resource.getList("name", Document.class).get(0);
                return name.getList("given", String.class, List.of()).stream()
                        .min(String::compareTo)
                        .orElse(null);
            }
        },
        /** By a date, the last first. */
        DATES("Observation", "-date") {
            @Override
            Document random(Document made, Random random) {
                made.append("status", "final").append("code", new Document("text", "x"));
                return random.nextInt(5) == 0
                        ? made
                        : made.append(
                                "effectiveDateTime", "20%02d-0%d".formatted(random.nextInt(25), 1 + random.nextInt(9)));
            }

            @Override
            @Nullable
            String key(Document resource) {
                return resource.getString("effectiveDateTime");
            }
        };

        private final String type;
        private final String sort;

        Subject(String type, String sort) {
            this.type = type;
            this.sort = sort;
        }

        abstract Document random(Document made, Random random);

        /** What decides first about the order. */
        abstract @Nullable String key(Document resource);
    }

    LongWalk(TestDatabase database, Subject subject, int resources, long seed) throws Exception {
        System.out.println("seed " + seed + " (repeat with -Dmiroir.seed=" + seed + ")");
        this.database = database;
        this.subject = subject;
        this.resources = resources;
        this.random = new Random(seed);
        this.server = start(database);
    }

    static TestServer start(TestDatabase database) throws Exception {
        return TestServer.withAccess(
                "access: {mode: token}",
                database,
                StoresOfManyEnded.open(database, TestServer.REGISTRY, TestServer.FIELDS));
    }

    int written() {
        return written;
    }

    /**
     * Fills, walks there and back, and judges by the whole history: what was there before and is written as it was has no
     * version of now. How many pages that were.
     */
    int run(@Nullable String language, String token) throws Exception {
        try {
            fill();
            List<List<Document>> pages = new ArrayList<>();
            String where = language == null ? "" : "_language=" + language + "&";
            Document first = get(
                    "/" + subject.type + "?" + where + "_total=accurate&_count=" + ON_A_PAGE + "&_sort=" + subject.sort,
                    token);
            Document last = follow(first, "next", pages, token);
            List<List<Document>> back = new ArrayList<>();
            follow(last, "previous", back, token);
            assertThat(all(reversed(back))).isEqualTo(all(pages));
            State.Versions versions = new State.Versions();
            versions.read(server, subject.type, Instant.EPOCH.toString());
            judge(pages, first, versions, language);
            return pages.size() + back.size();
        } finally {
            server.close();
        }
    }

    private static List<Document> all(List<List<Document>> pages) {
        return pages.stream().flatMap(List::stream).toList();
    }

    private static <T> List<T> reversed(List<T> list) {
        List<T> reversed = new ArrayList<>(list);
        Collections.reverse(reversed);
        return reversed;
    }

    /** To the last page of that direction, which is returned; the one begun with is among them. */
    private Document follow(Document from, String relation, List<List<Document>> pages, String token) throws Exception {
        Document page = from;
        int every = Math.max(1, resources / ON_A_PAGE / RESTARTS);
        while (true) {
            pages.add(Walk.resources(page));
            assertThat(page.get("total")).isEqualTo(from.get("total"));
            assertThat(Walk.asOf(page)).isEqualTo(Walk.asOf(from));
            String next = Walk.link(page, relation);
            if (next == null) {
                return page;
            }
            for (int i = 0; i < WRITES; i++) {
                write();
            }
            if (pages.size() % every == 0) {
                server.close();
                server = start(database);
            }
            page = get(next.substring(next.indexOf("/fhir/") + "/fhir".length()), token);
        }
    }

    private void judge(List<List<Document>> pages, Document first, State.Versions versions, @Nullable String language) {
        List<Document> found = all(pages);
        List<Document> expected = versions.asAt(Objects.requireNonNull(Walk.asOf(first))).resources().values().stream()
                .filter(resource -> language == null || language.equals(resource.getString("language")))
                .toList();
        assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(first.getInteger("total")).isEqualTo(expected.size());
        List<String> keys = found.stream()
                .map(each -> Objects.requireNonNullElse(subject.key(each), ""))
                .toList();
        List<String> present = keys.stream().filter(key -> !key.isEmpty()).toList();
        assertThat(keys.subList(0, present.size()))
                .as("what lacks the key is last")
                .isEqualTo(present);
        List<String> inOrder = present.stream().sorted().collect(Collectors.toList());
        assertThat(present).isEqualTo(subject.sort.startsWith("-") ? reversed(inOrder) : inOrder);
    }

    private void fill() throws Exception {
        for (int from = 0; from < resources; from += AT_ONCE) {
            String entries = IntStream.range(from, Math.min(resources, from + AT_ONCE))
                    .mapToObj(i -> "{\"request\":{\"method\":\"PUT\",\"url\":\"" + subject.type + "/r" + i
                            + "\"},\"resource\":" + resource(i) + "}")
                    .collect(Collectors.joining(","));
            HttpResponse<String> answer = Http.write(
                    "POST",
                    server.uri("/fhir"),
                    "{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":[" + entries + "]}");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        }
    }

    /** Its language never changes, so that it is seen by the same consumers for as long as it is there. */
    private String resource(int number) {
        Document made = new Document("resourceType", subject.type)
                .append("id", "r" + number)
                .append("implicitRules", "urn:" + written++)
                .append("language", number % 2 == 0 ? "fr" : "en");
        return subject.random(made, random).toJson();
    }

    /** Who sees a part sees nothing by now of what is deleted: only what he never sees is. */
    private void write() throws Exception {
        int number = random.nextInt(resources);
        boolean delete = number % 2 == 1 && random.nextInt(4) == 0;
        int status = Http.write(
                        delete ? "DELETE" : "PUT",
                        server.uri("/fhir/" + subject.type + "/r" + number),
                        delete ? "" : resource(number))
                .statusCode();
        assertThat(status).isIn(200, 201, 204);
    }

    private Document get(String path, String token) throws Exception {
        HttpResponse<String> answer =
                Http.send("GET", URI.create(server.base() + path), "Authorization", "Bearer " + token);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Document.parse(answer.body());
    }
}
