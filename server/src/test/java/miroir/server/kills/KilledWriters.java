package miroir.server.kills;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Sixteen clients of two servers, whatever happens to these. */
final class KilledWriters {
    private static final int CLIENTS = 16;

    private final List<KilledClient> clients;
    private final KilledClient.Together together;
    private final List<Future<?>> running = new ArrayList<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);

    KilledWriters(List<KillableServer> servers, long seed) {
        this.together = new KilledClient.Together("seed " + seed);
        List<KilledClient.Once> once = IntStream.rangeClosed(0, CLIENTS / servers.size())
                .mapToObj(pair -> new KilledClient.Once("pair " + pair, new AtomicInteger()))
                .toList();
        this.clients = IntStream.range(0, CLIENTS)
                .mapToObj(client -> new KilledClient(
                        servers,
                        servers.get(client % servers.size()),
                        new Random(seed * CLIENTS + client),
                        together,
                        once.get(client / servers.size())))
                .toList();
    }

    void start() {
        clients.forEach(client -> running.add(threads.submit(client)));
    }

    /** Ends the clients, each after the request that it waits for; fails where one was answered wrongly. */
    void stop() throws Exception {
        together.stopped().set(true);
        threads.shutdown();
        for (Future<?> client : running) {
            client.get(120, TimeUnit.SECONDS);
        }
    }

    /** Writes that were acknowledged by the server of this number. */
    long acknowledgedBy(int server, int servers) {
        return IntStream.range(0, CLIENTS)
                .filter(client -> client % servers == server)
                .mapToLong(client -> clients.get(client).acknowledged())
                .sum();
    }

    /** Whether a transaction that was sent to the server of this number has no answer yet. */
    boolean isAmidTransaction(int server, int servers) {
        return IntStream.range(0, CLIENTS)
                .filter(client -> client % servers == server)
                .anyMatch(client -> clients.get(client).isAmidTransaction());
    }

    /** Whether a client has ended already, since it was answered wrongly. */
    boolean hasFailed() {
        return running.stream().anyMatch(Future::isDone);
    }

    Promises promises() {
        return together.promises();
    }

    /** How many transactions were acknowledged. */
    long transactions() {
        return together.transactions().get();
    }

    /** How many requests had no answer, since their server was killed. */
    long unanswered() {
        return together.unanswered().get();
    }

    /** How many were refused with 503, since the database was away. */
    long refused() {
        return together.refused().get();
    }
}
