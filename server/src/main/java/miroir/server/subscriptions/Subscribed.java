package miroir.server.subscriptions;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import miroir.index.store.ResourceKey;
import org.jspecify.annotations.Nullable;

/**
 * A Subscription as it was read.
 *
 * @param version of the resource
 * @param from since when it is like this
 * @param type of which resources it is about
 * @param query which of them, as it was written behind the question mark; an empty text: all
 * @param hasPayload whether resources are sent
 * @param headers that are sent along, by their names; what is in them is sealed
 * @param secret with which what is sent is signed, sealed; null: it is not signed
 * @param leaving whether it is told as well that something is deleted or meets the criteria no more
 * @param end until when; null: for ever
 * @param owner on whose behalf it is delivered, as requests know him
 * @param error why it ended in error, as the resource says; an empty text: it does not
 * @param approved the mark that somebody agreed to it, see {@link SealedSecrets#consent}; an empty text: nobody did
 */
record Subscribed(
        String id,
        long version,
        Instant from,
        Status status,
        String type,
        String query,
        URI endpoint,
        boolean hasPayload,
        List<Header> headers,
        @Nullable String secret,
        boolean leaving,
        @Nullable Instant end,
        String owner,
        String error,
        String approved) {
    static final String TYPE = "Subscription";

    Subscribed {
        headers = List.copyOf(headers);
    }

    /** What is sent along under a name. */
    record Header(String name, String value) {}

    ResourceKey key() {
        return new ResourceKey(TYPE, id);
    }

    String criteria() {
        return query.isEmpty() ? type : type + "?" + query;
    }

    boolean isActive() {
        return status == Status.ACTIVE;
    }

    /** For logs: neither whom it asks about nor where to. */
    @Override
    public String toString() {
        return key() + " in version " + version;
    }
}
