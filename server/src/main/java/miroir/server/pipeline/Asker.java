package miroir.server.pipeline;

import miroir.server.proxy.Addresses;

/**
 * Who waits for turns.
 *
 * @param name a consumer, or the network of an address
 * @param group with whom he has turns together before others: nobody, or who has addresses of about the same provider
 * @param byToken whether a token says who that is
 */
public record Asker(String name, String group, boolean byToken) {
    static Asker consumer(String name) {
        return new Asker(name, name, true);
    }

    /** Whoever has addresses has many, and those are mostly beside each other. */
    static Asker network(String network) {
        return new Asker(network, Addresses.wider(network), false);
    }
}
