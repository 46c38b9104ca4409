package miroir.server.subscriptions;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How a subscription stands, in R4's words. */
enum Status {
    /** Somebody has to agree first. */
    REQUESTED,
    /** It is delivered. */
    ACTIVE,
    /** What had to be delivered could not be. */
    ERROR,
    /** Somebody stopped it. */
    OFF;

    String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Status> of(String code) {
        return Arrays.stream(values()).filter(each -> each.code().equals(code)).findFirst();
    }
}
