package miroir.server.alerts;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import miroir.index.Refusal;
import miroir.server.configuration.AlertsConfiguration;
import miroir.storage.ledger.Lease;
import miroir.storage.ledger.Ledger;
import miroir.storage.sync.Register;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks once a minute whether something is wrong, and tells it; of several servers one does, under a lease. It is the server that watches, and not the daemon: that
 * the daemon is gone is one of the things that can be wrong. Where the database is away nobody can have the lease, and
 * each server tells that by itself, as it does what is wrong with it alone.
 */
public final class KeepWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeepWatch.class);
    private static final String JOB = "alerts";
    static final Duration PAUSE = Duration.ofMinutes(1);
    private static final Duration LEASE = Duration.ofMinutes(15);
    private static final int SECONDS_TO_STOP = 3;

    private final Ledger ledger;
    private final FindProblems find;
    private final Own own;
    private final ToldProblems told;
    private final RememberedProblems remembered;
    private final List<Channel> channels;
    private final String server;
    private final InstantSource clock;
    private final String self = UUID.randomUUID().toString();
    private final Map<String, String> failures = new HashMap<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread made = new Thread(work, "alerts");
        made.setDaemon(true);
        return made;
    });

    private boolean isPrepared;

    /** What is wrong with this server alone. */
    @FunctionalInterface
    interface Own {
        /** @param isAway whether the database does not answer, of which the rest follows */
        List<Problem> at(Instant now, boolean isAway);
    }

    /**
     * One that looks when it is told to.
     *
     * @param own what is wrong with this server alone
     */
    KeepWatch(
            Ledger ledger,
            FindProblems find,
            Own own,
            ToldProblems told,
            List<Channel> channels,
            String server,
            InstantSource clock) {
        this.ledger = ledger;
        this.find = find;
        this.own = own;
        this.told = told;
        this.remembered = new RememberedProblems(told::isDueAgain);
        this.channels = List.copyOf(channels);
        this.server = server;
        this.clock = clock;
    }

    /**
     * Begins, where somebody wants to be told.
     *
     * @param watched what is looked at
     * @param server where people find the console
     */
    public static Optional<KeepWatch> begin(
            AlertsConfiguration configuration, Ledger ledger, Watched watched, String server, ZoneId zone) {
        List<Channel> channels = new ArrayList<>();
        configuration
                .webhook()
                .ifPresent(url ->
                        channels.add(new Webhook(url, configuration.secret().orElse(null))));
        configuration.mail().ifPresent(mail -> channels.add(new Mail(mail, zone)));
        if (channels.isEmpty()) {
            return Optional.empty();
        }
        LOG.info(
                "problems are told by {}",
                String.join(" and ", channels.stream().map(Channel::name).toList()));
        KeepWatch watch = new KeepWatch(
                ledger,
                watched.find(new Register(ledger), configuration.thresholds()),
                watched.findOwn(configuration.thresholds())::at,
                new ToldProblems(ledger, configuration.repeated()),
                channels,
                server,
                InstantSource.system());
        watch.begin();
        return Optional.of(watch);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it fails in no way that is not told
    private void begin() {
        thread.scheduleWithFixedDelay(this::lookAgain, 0, PAUSE.toSeconds(), TimeUnit.SECONDS);
    }

    private void lookAgain() {
        try {
            look();
        } catch (Throwable e) {
            // What got out of here would be the last look.
            LOG.warn("what is wrong could not be looked for", e);
        }
    }

    /** Looks once. */
    void look() {
        Instant now = clock.instant();
        List<Problem> ofServer = new ArrayList<>();
        try {
            lookForAll(now);
        } catch (Refusal refused) {
            // What the driver says of it is in the log: it names machines.
            LOG.debug("the database does not answer", refused);
            ofServer.add(new Problem(Kind.DATABASE_AWAY, "", ""));
        } finally {
            ofServer.addAll(own.at(now, !ofServer.isEmpty()));
            tellOwn(ofServer, now);
        }
    }

    private void lookForAll(Instant now) {
        Optional<Lease> lease = ledger.take(JOB, self, LEASE);
        if (lease.isPresent()) {
            prepare();
            tell(lease.get(), find.at(now, told.held()), now);
        }
    }

    /** Once is enough: nobody removes it. */
    private void prepare() {
        if (!isPrepared) {
            told.prepare();
            isPrepared = true;
        }
    }

    private void tell(Lease lease, Found found, Instant now) {
        for (Channel channel : channels) {
            Announcement due = told.due(channel.name(), found, server, now);
            if (due.isEmpty() || isSent(channel, due)) {
                told.write(lease, channel.name(), found, due, now);
            }
        }
    }

    private void tellOwn(List<Problem> problems, Instant now) {
        for (Channel channel : channels) {
            Announcement due = remembered.due(channel.name(), problems, server, now);
            if (due.isEmpty() || isSent(channel, due)) {
                remembered.write(channel.name(), problems, due, now);
            }
        }
    }

    private boolean isSent(Channel channel, Announcement announcement) {
        try {
            channel.send(announcement);
            failures.remove(channel.name());
            return true;
        } catch (IOException | RuntimeException e) {
            String reason = e.toString();
            if (!reason.equals(failures.put(channel.name(), reason))) {
                LOG.warn("problems could not be told by {}, and are told later: {}", channel.name(), reason);
            }
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(SECONDS_TO_STOP, TimeUnit.SECONDS)) {
                LOG.warn("the watch did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
