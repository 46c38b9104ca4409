package miroir.server.export;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import miroir.index.Refusal;

/** Counts what this server sends of exports, and what comes to nothing: an export that cannot be cut, or a file that ends early or is not sent at all. */
final class CountExports {
    private final Counter files;
    private final Counter resources;
    private final Counter bytes;
    private final Map<What, Map<Why, Counter>> failures = new EnumMap<>(What.class);

    /** What fails. */
    enum What {
        EXPORT,
        FILE
    }

    /** Why something fails, in as few words as a label may have values. */
    enum Why {
        /** What it shows is not there any more, or means something else by now. */
        EXPIRED,
        /** Who asked may not have it any more. */
        FORBIDDEN,
        /** Who asked has gone, or reads too slowly. */
        GONE,
        /** The database was away. */
        NOT_READY,
        TOO_COSTLY,
        TOO_LARGE,
        /** The log says it. */
        OTHER;

        static Why of(Throwable failure) {
            if (failure instanceof Refusal refused) {
                return switch (refused.reason()) {
                    case EXPIRED, NOT_FOUND -> EXPIRED;
                    case FORBIDDEN, RIGHT_MISSING -> FORBIDDEN;
                    case NOT_READY -> NOT_READY;
                    case TOO_COSTLY -> TOO_COSTLY;
                    case TOO_LARGE -> TOO_LARGE;
                    default -> OTHER;
                };
            }
            Throwable cause = failure.getCause();
            if (failure instanceof IOException && cause != null) {
                return of(cause);
            }
            return failure instanceof IOException || failure instanceof TimeoutException ? GONE : OTHER;
        }

        private String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    CountExports(MeterRegistry meters) {
        this.files = counter(meters, "files.sent", "files of exports that were sent whole");
        this.resources = counter(meters, "resources.sent", "resources that were sent in files of exports");
        this.bytes = counter(meters, "bytes.sent", "bytes of files of exports, before they were packed");
        for (What what : What.values()) {
            Map<Why, Counter> each = new EnumMap<>(Why.class);
            for (Why why : Why.values()) {
                each.put(why, failure(meters, what, why));
            }
            failures.put(what, each);
        }
    }

    private static Counter counter(MeterRegistry meters, String name, String description) {
        return Counter.builder("miroir.exports." + name)
                .description(description)
                .register(meters);
    }

    private static Counter failure(MeterRegistry meters, What what, Why why) {
        return Counter.builder("miroir.exports.failures")
                .description("exports that came to nothing, and files that ended early")
                .tag("of", what.name().toLowerCase(Locale.ROOT))
                .tag("reason", why.label())
                .register(meters);
    }

    /** A file went off whole. */
    void sentWhole() {
        files.increment();
    }

    /** So much of a file went off, whole or not. */
    void sent(long ofResources, long ofBytes) {
        resources.increment((double) ofResources);
        bytes.increment((double) ofBytes);
    }

    void failed(What what, Throwable why) {
        Objects.requireNonNull(Objects.requireNonNull(failures.get(what)).get(Why.of(why)))
                .increment();
    }
}
