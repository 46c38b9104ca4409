package miroir.benchmarks.operations;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import miroir.benchmarks.HttpConnection;
import miroir.benchmarks.Times;

/** Eight connections, each asking as soon as it has its answer. */
record LoadClient(Asked asked) {
    static final int CONNECTIONS = 8;

    /** Asks so many times in all; an answer other than 200 ends the benchmark. */
    Times run(Operation operation, int requests, long seed) throws InterruptedException, ExecutionException {
        ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
        try {
            int each = Math.max(1, requests / CONNECTIONS);
            long start = System.nanoTime();
            List<Future<long[]>> parts = new ArrayList<>();
            SplittableRandom seeds = new SplittableRandom(seed);
            for (int i = 0; i < CONNECTIONS; i++) {
                SplittableRandom random = seeds.split();
                parts.add(threads.submit(() -> ask(operation, each, random)));
            }
            long[] nanos = new long[CONNECTIONS * each];
            for (int i = 0; i < CONNECTIONS; i++) {
                System.arraycopy(parts.get(i).get(), 0, nanos, i * each, each);
            }
            return Times.of((System.nanoTime() - start) / 1e9, nanos);
        } finally {
            threads.shutdownNow();
        }
    }

    /** The body of one answer, to see that all ways say the same. */
    String once(Operation operation, int number) {
        try (HttpConnection connection = asked.connection()) {
            ask(connection, asked.target(operation, number));
            return connection.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long[] ask(Operation operation, int requests, SplittableRandom random) throws IOException {
        long[] nanos = new long[requests];
        try (HttpConnection connection = asked.connection()) {
            String next = null;
            for (int i = 0; i < requests; i++) {
                String target = next == null
                        ? asked.target(operation, random.nextInt(asked.people().size()))
                        : next;
                long start = System.nanoTime();
                ask(connection, target);
                nanos[i] = System.nanoTime() - start;
                next = operation.isWalked() ? Asked.next(connection.reader()) : null;
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
