package miroir.server.walks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import miroir.server.Http;
import miroir.server.TestServer;
import org.bson.Document;

/**
 * Walks through searches on two servers while clients write through both as fast as they can. What each walk should have seen
 * is put together afterwards from the whole history, by instants alone.
 */
final class Walks {
    private static final List<String> TYPES = List.of("Practitioner", "PractitionerRole");
    private static final List<String> FAMILIES =
            List.of("Martin", "Marin", "Bernard", "Petit", "Thomas", "Robert", "Richard", "Durand", "Dubois", "Moreau");
    private static final int WRITERS = 2;
    private static final int WALKERS = 2;

    private final List<TestServer> servers;
    private final int resources;
    private final long seed;
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong pages = new AtomicLong();

    /** Answers for which there was no time, and which were asked for again. */
    private final AtomicLong refused = new AtomicLong();

    private final AtomicInteger judged = new AtomicInteger();
    private final State.Versions versions = new State.Versions();

    Walks(List<TestServer> servers, int resources, long seed) {
        this.servers = servers;
        this.resources = resources;
        this.seed = seed;
    }

    /** So many walks more, all of them judged but those of a single page, which say of no instant what they show. */
    void run(int walks) throws Exception {
        String since = Instant.now().minusSeconds(1).toString();
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger begun = new AtomicInteger();
        List<Walk> done = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(WRITERS + WALKERS);
        try {
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                Random random = new Random(seed + written.get() + i);
                writers.add(threads.submit((Callable<Void>) () -> {
                    while (!over.get()) {
                        write(random);
                    }
                    return null;
                }));
            }
            List<Future<List<Walk>>> walkers = new ArrayList<>();
            for (int i = 0; i < WALKERS; i++) {
                Random random = new Random(seed + judged.get() * 31L + i + 100);
                walkers.add(threads.submit(() -> {
                    List<Walk> own = new ArrayList<>();
                    while (begun.getAndIncrement() < walks) {
                        own.add(Walk.through(servers, Question.random(random), random, refused));
                    }
                    return own;
                }));
            }
            try {
                for (Future<List<Walk>> walker : walkers) {
                    done.addAll(walker.get());
                }
            } finally {
                over.set(true);
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
        } finally {
            threads.shutdownNow();
        }
        readHistory(since);
        judge(done);
    }

    /** A first version of nearly everything, so that the first walk has pages. */
    void fill() throws Exception {
        String since = Instant.now().minusSeconds(1).toString();
        Random random = new Random(seed);
        for (int i = 0; i < 2 * resources; i++) {
            write(random);
        }
        readHistory(since);
    }

    private void write(Random random) throws Exception {
        TestServer server = servers.get(random.nextInt(servers.size()));
        String type = TYPES.get(random.nextInt(3) / 2);
        String id = "r" + random.nextInt(resources);
        boolean delete = random.nextInt(6) == 0;
        int status = Http.write(
                        delete ? "DELETE" : "PUT",
                        server.uri("/fhir/" + type + "/" + id),
                        delete ? "" : resource(type, id, random))
                .statusCode();
        assertThat(status).isIn(200, 201, 204, 409, 412);
        written.incrementAndGet();
    }

    private String resource(String type, String id, Random random) {
        Document resource = new Document("resourceType", type).append("id", id);
        if (random.nextInt(4) > 0) {
            resource.append("active", random.nextBoolean());
        }
        if (type.equals("PractitionerRole")) {
            resource.append("practitioner", new Document("reference", "Practitioner/r" + random.nextInt(resources)));
        } else {
            if (random.nextInt(4) > 0) {
                resource.append("gender", random.nextBoolean() ? "female" : "male");
            }
            if (random.nextInt(4) > 0) {
                String family = FAMILIES.get(random.nextInt(FAMILIES.size())).toLowerCase(Locale.ROOT);
                resource.append("name", List.of(new Document("family", family)));
            }
        }
        return resource.append("language", "fr")
                .append("implicitRules", "urn:" + random.nextInt())
                .toJson();
    }

    private void readHistory(String since) throws Exception {
        for (String type : TYPES) {
            versions.read(servers.get(0), type, since);
        }
    }

    private void judge(List<Walk> done) {
        for (Walk walk : done) {
            pages.addAndGet(walk.pages());
            if (walk.asOf() != null) {
                walk.verify(versions.asAt(walk.asOf()), "seed " + seed);
                judged.incrementAndGet();
            }
        }
    }

    /** What there is to say of it. */
    Document figures() {
        return new Document("walks", judged.get())
                .append("pages", pages.get())
                .append("refused", refused.get())
                .append("writes", written.get())
                .append("resources", resources);
    }

    int judged() {
        return judged.get();
    }
}
