package miroir.server.pipeline;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import miroir.server.access.KnownTokens;
import miroir.server.access.Named;
import miroir.server.access.TooOften;
import miroir.server.configuration.LimitsConfiguration;
import miroir.server.proxy.Addresses;
import miroir.server.routing.Interaction;

/**
 * How often somebody may ask this server. A consumer is counted with all its tokens, whoever shows no valid one by the address, and what is of IPv6 by
 * the network of which every client has all. So who guesses tokens is counted as well, and a consumer does not pay for others behind the same
 * gateway. Nobody counts probes of health, administrators, the local token, and this machine itself.
 */
final class Quotas {
    private static final int MOST = 20_000;
    private static final String HEALTH = "/health/";

    private final int consumerRate;
    private final int addressRate;
    private final KnownTokens tokens;
    private final RequestMetrics metrics;
    private final LongSupplier clock;
    private final long begun;
    private final Buckets consumers = new Buckets(MOST, name -> name);
    private final Buckets addresses = new Buckets(MOST, Addresses::wider);

    /**
     * None is used yet.
     *
     * @param clock the nanoseconds of a clock that is never set
     */
    Quotas(LimitsConfiguration limits, KnownTokens tokens, RequestMetrics metrics, LongSupplier clock) {
        this.consumerRate = limits.consumerRate();
        this.addressRate = limits.addressRate();
        this.tokens = tokens;
        this.metrics = metrics;
        this.clock = clock;
        this.begun = clock.getAsLong();
    }

    /** Counts a request of which it is known who sends it. */
    void asked(Exchange exchange, BooleanSupplier fromThisMachine) {
        if (isHealth(exchange)) {
            return;
        }
        if (!exchange.rights().byToken()) {
            byAddress(exchange, fromThisMachine);
        } else if (isConsumer(exchange.rights().counted())) {
            byConsumer(exchange, exchange.rights().counted());
        }
    }

    /** Counts a request with a token that is none. */
    void askedByNobody(Exchange exchange, BooleanSupplier fromThisMachine) {
        if (!isHealth(exchange)) {
            byAddress(exchange, fromThisMachine);
        }
    }

    /** Returns if the address may ask, and counts nothing: for tokens of which it is dear to find out whose they are. */
    void requireLeft(Exchange exchange, BooleanSupplier fromThisMachine) {
        if (addressRate > 0 && !fromThisMachine.getAsBoolean()) {
            String network = Addresses.network(exchange.client());
            long now = now();
            refuseAddress(network, addressRate, addresses.of(network, now).untilNext(addressRate, now));
        }
    }

    private static boolean isHealth(Exchange exchange) {
        return exchange.route().interaction() == Interaction.PAGE
                && exchange.request().getRequestURI().startsWith(HEALTH);
    }

    private static boolean isConsumer(String name) {
        return !name.equals(Rights.LOCAL) && !name.startsWith(Named.ADMINISTRATOR.id(""));
    }

    private void byAddress(Exchange exchange, BooleanSupplier fromThisMachine) {
        if (addressRate > 0 && !fromThisMachine.getAsBoolean()) {
            String network = Addresses.network(exchange.client());
            refuseAddress(network, addressRate, take(addresses, network, addressRate));
            exchange.countedBy(
                    entries -> refuseAddress(network, addressRate, owe(addresses, network, entries, addressRate)));
        }
    }

    private void byConsumer(Exchange exchange, String name) {
        int own = tokens.quota(name);
        int rate = own > 0 ? own : consumerRate;
        if (rate > 0) {
            String where = own > 0 ? "its own" : "limits.consumerRate";
            refuseConsumer(name, rate, where, take(consumers, name, rate));
            exchange.countedBy(entries -> refuseConsumer(name, rate, where, owe(consumers, name, entries, rate)));
        }
    }

    private void refuseConsumer(String name, int rate, String where, long wait) {
        if (wait > 0) {
            throw tooOften("consumer", "\"" + name + "\"", rate, where, wait);
        }
    }

    private void refuseAddress(String network, int rate, long wait) {
        if (wait > 0) {
            throw tooOften("address", "the address " + network, rate, "limits.addressRate", wait);
        }
    }

    private long take(Buckets buckets, String who, int rate) {
        long now = now();
        return buckets.of(who, now).take(rate, now);
    }

    /** Entries of a bundle, which are counted when it is there, and before any of it is done. */
    private long owe(Buckets buckets, String who, int entries, int rate) {
        long now = now();
        return buckets.of(who, now).owe(entries, rate, now);
    }

    private TooOften tooOften(String kind, String who, int rate, String where, long nanos) {
        metrics.throttled(kind);
        long seconds = Math.max(1, TimeUnit.NANOSECONDS.toSeconds(nanos + TimeUnit.SECONDS.toNanos(1) - 1));
        return new TooOften(
                who + " has a quota of " + rate + " requests per second (" + where
                        + "), each entry of a bundle counted, and has used it up",
                seconds);
    }

    private long now() {
        return clock.getAsLong() - begun;
    }
}
