package miroir.server.subscriptions;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocketFactory;
import miroir.server.configuration.SubscriptionsConfiguration;
import miroir.storage.MongoResourceStore;
import miroir.storage.ledger.LeasedDocuments;

/**
 * What all deliveries of a process have together.
 *
 * <p>Who sends waits for the receiver, in a thread. There are as many threads as there may be subscriptions, and each subscription has its share of them and no more, so
 * that however slow some receivers are, there is a thread for every other one. Who reads waits for the database only, and so a few threads do for all.
 */
final class Engine {
    private static final int LEAST_SENDERS = 64;
    private static final int READERS = 4;
    private static final int SECONDS_TO_STOP = 3;

    /** For longer than anything can be under way, so that nobody else begins before it is over. */
    static final Duration BEYOND_SENDING = Duration.ofSeconds(15);

    private final MongoResourceStore store;
    private final SubscriptionsConfiguration configuration;
    private final LeasedDocuments progress;
    private final Owners owners;
    private final ChooseTold choose;
    private final ChangeStatus status;
    private final SealedSecrets secrets;
    private final AllowedTargets targets;
    private final SSLSocketFactory tls;
    private final Duration beyondSending;
    private final int threads;
    private final ExecutorService senders;
    private final ExecutorService readers = Executors.newFixedThreadPool(READERS, named("subscriptions-read"));
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(named("subscriptions-clock"));
    private final AtomicInteger held = new AtomicInteger();

    /**
     * The engine of a process.
     *
     * @param beyondSending how much longer a lease is than anything can be under way
     */
    Engine(
            MongoResourceStore store,
            SubscriptionsConfiguration configuration,
            LeasedDocuments progress,
            Owners owners,
            SealedSecrets secrets,
            SSLSocketFactory tls,
            Duration beyondSending) {
        this.store = store;
        this.beyondSending = beyondSending;
        this.configuration = configuration;
        this.progress = progress;
        this.owners = owners;
        this.choose = new ChooseTold(store);
        this.status = new ChangeStatus(store, secrets);
        this.secrets = secrets;
        this.targets = new AllowedTargets(configuration.allowedTargets());
        this.tls = tls;
        this.threads = Math.max(LEAST_SENDERS, configuration.maximum());
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads, threads, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(), named("subscriptions-send"));
        pool.allowCoreThreadTimeOut(true);
        this.senders = pool;
    }

    private static ThreadFactory named(String name) {
        return work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    MongoResourceStore store() {
        return store;
    }

    SubscriptionsConfiguration configuration() {
        return configuration;
    }

    LeasedDocuments progress() {
        return progress;
    }

    Owners owners() {
        return owners;
    }

    ChooseTold choose() {
        return choose;
    }

    ChangeStatus status() {
        return status;
    }

    SealedSecrets secrets() {
        return secrets;
    }

    ExecutorService senders() {
        return senders;
    }

    ExecutorService readers() {
        return readers;
    }

    ScheduledExecutorService clock() {
        return clock;
    }

    Receiver receiver(Subscribed subscribed) {
        return new Receiver(subscribed.endpoint(), targets, configuration.timeout(), clock, tls);
    }

    /** For how long a subscription is delivered by who does not say so again. */
    Duration lease() {
        return configuration.timeout().plus(beyondSending);
    }

    void holds(int subscriptions) {
        held.set(subscriptions);
    }

    /** How much of one subscription is sent at the same time. */
    int share() {
        return Math.max(1, Math.min(configuration.parallel(), threads / Math.max(1, held.get())));
    }

    void close() {
        clock.shutdownNow();
        senders.shutdownNow();
        readers.shutdownNow();
        try {
            if (!senders.awaitTermination(SECONDS_TO_STOP, TimeUnit.SECONDS)) {
                // Their connections are closed, and they end with the process.
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
