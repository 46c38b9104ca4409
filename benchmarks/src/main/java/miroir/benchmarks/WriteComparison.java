package miroir.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.bson.BsonDocument;

/**
 * Updates and creates by 1, 4 and 16 clients, over HTTP and on the bare driver in turns. Every client has resources of its
 * own: two that write the same one are compared nowhere, since only one of the ways would see the conflict.
 */
final class WriteComparison {
    static final List<Integer> CLIENTS = List.of(1, 4, 16);
    private static final int MOST_CLIENTS = 16;

    private final int rounds;
    private final int writesPerClient;
    private final ShippedServer server;
    private final long databasePid;
    private final BareProtocol bare;
    private final List<WrittenResource> resources;
    private final Consumer<String> progress;
    private final AtomicInteger created = new AtomicInteger();

    /** The state that each resource is in over HTTP, and on the driver; each is touched by its own client alone. */
    private final int[] statesOverHttp;

    private final int[] statesOnDriver;

    WriteComparison(
            int rounds,
            int writesPerClient,
            ShippedServer server,
            long databasePid,
            BareProtocol bare,
            List<WrittenResource> resources,
            Consumer<String> progress) {
        this.rounds = rounds;
        this.writesPerClient = writesPerClient;
        this.server = server;
        this.databasePid = databasePid;
        this.bare = bare;
        this.resources = List.copyOf(resources);
        this.progress = progress;
        this.statesOverHttp = new int[resources.size()];
        this.statesOnDriver = new int[resources.size()];
    }

    /** The medians: for every kind and number of clients, over HTTP and then on the driver. */
    List<WriteMeasurement> run() throws InterruptedException, ExecutionException {
        List<WriteMeasurement> medians = new ArrayList<>();
        for (WriteKind kind : WriteKind.values()) {
            measure(kind, MOST_CLIENTS, false, 4 * writesPerClient);
            measure(kind, MOST_CLIENTS, true, 4 * writesPerClient);
            for (int clients : CLIENTS) {
                List<WriteMeasurement> http = new ArrayList<>();
                List<WriteMeasurement> driver = new ArrayList<>();
                for (int round = 1; round <= rounds; round++) {
                    http.add(measure(kind, clients, false, writesPerClient));
                    driver.add(measure(kind, clients, true, writesPerClient));
                }
                medians.add(WriteMeasurement.median(http));
                medians.add(WriteMeasurement.median(driver));
                progress.accept("%s, %d clients: %.0f/s over HTTP, %.0f/s on the driver"
                        .formatted(
                                kind.title(),
                                clients,
                                medians.get(medians.size() - 2).perSecond(),
                                medians.get(medians.size() - 1).perSecond()));
            }
        }
        return medians;
    }

    private WriteMeasurement measure(WriteKind kind, int clients, boolean onDriver, int each)
            throws InterruptedException, ExecutionException {
        double serverBefore = ProcessCpu.seconds(server.process().pid());
        double databaseBefore = ProcessCpu.seconds(databasePid);
        double clientBefore = ProcessCpu.seconds(ProcessHandle.current().pid());
        Times times = write(kind, clients, onDriver, each);
        double writes = times.requests();
        return new WriteMeasurement(
                kind,
                clients,
                onDriver,
                writes / times.seconds(),
                times.p50Millis(),
                times.p99Millis(),
                onDriver ? 0 : (ProcessCpu.seconds(server.process().pid()) - serverBefore) * 1e6 / writes,
                (ProcessCpu.seconds(databasePid) - databaseBefore) * 1e6 / writes,
                (ProcessCpu.seconds(ProcessHandle.current().pid()) - clientBefore) * 1e6 / writes);
    }

    private Times write(WriteKind kind, int clients, boolean onDriver, int each)
            throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        try {
            List<Future<long[]>> parts = new ArrayList<>();
            long start = System.nanoTime();
            for (int client = 0; client < clients; client++) {
                int first = client * share();
                parts.add(threads.submit(
                        () -> onDriver ? writeOnDriver(kind, first, each) : writeOverHttp(kind, first, each)));
            }
            long[] nanos = new long[0];
            for (Future<long[]> part : parts) {
                long[] more = part.get();
                nanos = Arrays.copyOf(nanos, nanos.length + more.length);
                System.arraycopy(more, 0, nanos, nanos.length - more.length, more.length);
            }
            return Times.of((System.nanoTime() - start) / 1e9, nanos);
        } finally {
            threads.shutdownNow();
        }
    }

    private int share() {
        return resources.size() / MOST_CLIENTS;
    }

    private long[] writeOverHttp(WriteKind kind, int first, int writes) throws IOException {
        long[] nanos = new long[writes];
        try (HttpConnection connection = new HttpConnection(server.port())) {
            for (int i = 0; i < writes; i++) {
                int index = first + i % share();
                WrittenResource resource = resources.get(index);
                String id = kind == WriteKind.CREATE ? newId() : resource.id();
                byte[] body = withId(resource.bodies().get(next(statesOverHttp, index)), resource.id(), id);
                long start = System.nanoTime();
                int status = connection.send("PUT", "/fhir/Practitioner/" + id, body);
                nanos[i] = System.nanoTime() - start;
                if (status != (kind == WriteKind.CREATE ? 201 : 200)) {
                    throw new IllegalStateException(id + " was answered with " + status + ": " + connection.body());
                }
            }
        }
        return nanos;
    }

    private long[] writeOnDriver(WriteKind kind, int first, int writes) {
        long[] nanos = new long[writes];
        for (int i = 0; i < writes; i++) {
            int index = first + i % share();
            BsonDocument document = resources.get(index).documents().get(next(statesOnDriver, index));
            String id = newId();
            long start = System.nanoTime();
            if (kind == WriteKind.CREATE) {
                bare.create(document, id);
            } else {
                bare.update(document);
            }
            nanos[i] = System.nanoTime() - start;
        }
        return nanos;
    }

    /** The other state: a write of the same one would change nothing and make no version. */
    private static int next(int[] states, int index) {
        states[index] ^= 1;
        return states[index];
    }

    private String newId() {
        return "new-" + created.incrementAndGet();
    }

    private static byte[] withId(byte[] body, String before, String after) {
        if (before.equals(after)) {
            return body;
        }
        String text = new String(body, StandardCharsets.UTF_8);
        return text.replaceFirst("\"id\":\"" + Pattern.quote(before) + "\"", "\"id\":\"" + after + "\"")
                .getBytes(StandardCharsets.UTF_8);
    }
}
