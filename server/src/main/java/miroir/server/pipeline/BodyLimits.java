package miroir.server.pipeline;

import java.time.Duration;
import miroir.index.Refusal;
import miroir.index.store.Deadline;
import miroir.server.configuration.ServerConfiguration;
import miroir.server.routing.Interaction;
import miroir.server.routing.Route;

/** How large the body of a request may be, and the memory that the larger ones are given. */
final class BodyLimits {
    /** Up to here a body needs no more than any request does. */
    static final int SMALL = 64 << 10;

    private final int body;
    private final int bundle;
    private final int form;
    private final Duration patience;
    private final WorkingMemory memory;

    BodyLimits(ServerConfiguration configuration, WorkingMemory memory) {
        this.body = configuration.limits().body();
        this.bundle = configuration.limits().bundle();
        this.form = Math.min(body, configuration.limits().form());
        this.patience = configuration.database().operationTimeout();
        this.memory = memory;
    }

    int most(Exchange exchange) {
        if (isForm(exchange)) {
            return form;
        }
        return exchange.route().interaction() == Interaction.BATCH ? bundle : body;
    }

    Refusal tooLarge(Exchange exchange) {
        return new Refusal(
                Refusal.Reason.TOO_LARGE,
                "the body is larger than " + most(exchange) + " bytes, which is the limit here (limits." + key(exchange)
                        + " in server.yaml)");
    }

    private static String key(Exchange exchange) {
        if (isForm(exchange)) {
            return "form";
        }
        return exchange.route().interaction() == Interaction.BATCH ? "bundle" : "body";
    }

    /**
     * Waits until there is room for a body of this size and what it replaces, which is held until the request is over; that of a
     * form until it has been read.
     */
    void makeRoom(Exchange exchange, long bytes) {
        exchange.holdingBody(room(exchange, bytes, Deadline.in(patience)));
    }

    /** How much is held at once for a body whose length is not said: as much as any body may have that is no bundle. */
    int firstOf(long expected) {
        return (int) Math.min(expected, body);
    }

    /** The rest of that, unless others have it: who holds memory does not wait for more. */
    void makeMoreRoom(Exchange exchange, long bytes) {
        exchange.holdingMore(room(exchange, bytes, new Deadline(System.nanoTime())));
    }

    private WorkingMemory.Held room(Exchange exchange, long bytes, Deadline deadline) {
        if (isForm(exchange)) {
            return memory.forForm(bytes, deadline);
        }
        Route route = exchange.route();
        return replaces(route.interaction())
                ? memory.forUpdate(route.type(), bytes, deadline)
                : memory.forBody(bytes, deadline);
    }

    private static boolean replaces(Interaction interaction) {
        return switch (interaction) {
            case UPDATE,
                    PATCH,
                    CONDITIONAL_UPDATE,
                    CONDITIONAL_PATCH,
                    CONDITIONAL_CREATE,
                    ERASE,
                    META_ADD,
                    META_DELETE,
                    BATCH -> true;
            default -> false;
        };
    }

    /** What anybody may send who can only read: the form of a search, the parameters of an operation, a bundle that can only hold reads. */
    private static boolean isForm(Exchange exchange) {
        return exchange.route().interaction().isSearch()
                || exchange.route().interaction() == Interaction.DIRECTORY_SEARCH
                || exchange.route().interaction() == Interaction.RUN_VIEW
                || exchange.route().interaction() == Interaction.ADMIN
                || exchange.route().interaction() == Interaction.EXPORT
                || !exchange.rights().mayWrite();
    }
}
