package miroir.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Eight connections, each asking as soon as it has its answer. */
final class LoadClient {
    static final int CONNECTIONS = 8;

    private final int port;
    private final List<String> ids;

    LoadClient(int port, List<String> ids) {
        this.port = port;
        this.ids = ids;
    }

    /** How long everything took, and the slower requests. */
    record Times(int requests, double seconds, double p50Millis, double p99Millis) {
        static Times of(double seconds, long[] nanos) {
            Arrays.sort(nanos);
            int requests = nanos.length;
            return new Times(requests, seconds, nanos[requests / 2] / 1e6, nanos[requests * 99 / 100] / 1e6);
        }
    }

    /** Asks so many times in all; an answer other than 200 ends the benchmark. */
    Times run(Workload workload, int requests, long seed) throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
        try {
            int each = Math.max(1, requests / CONNECTIONS);
            long start = System.nanoTime();
            List<Future<long[]>> parts = new ArrayList<>();
            SplittableRandom seeds = new SplittableRandom(seed);
            for (int i = 0; i < CONNECTIONS; i++) {
                SplittableRandom random = seeds.split();
                parts.add(threads.submit(() -> ask(workload, each, random)));
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

    /** The body of one answer, to see that all ways say the same. */
    String once(Workload workload) {
        try (HttpConnection connection = new HttpConnection(port)) {
            ask(connection, workload.target(ids, new SplittableRandom(1)));
            return connection.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long[] ask(Workload workload, int requests, SplittableRandom random) throws IOException {
        long[] nanos = new long[requests];
        try (HttpConnection connection = new HttpConnection(port)) {
            for (int i = 0; i < requests; i++) {
                String target = workload.target(ids, random);
                long start = System.nanoTime();
                ask(connection, target);
                nanos[i] = System.nanoTime() - start;
            }
        }
        return nanos;
    }

    private static void ask(HttpConnection connection, String target) throws IOException {
        int status = connection.get(target);
        if (status != 200) {
            throw new IllegalStateException(target + " was answered with " + status + ": " + connection.body());
        }
    }
}
