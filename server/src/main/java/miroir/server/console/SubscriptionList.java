package miroir.server.console;

import java.time.Instant;
import java.util.List;
import miroir.server.configuration.SubscriptionsConfiguration;
import miroir.server.configuration.SubscriptionsConfiguration.Validation;
import miroir.server.subscriptions.KnownSubscriptions.Known;

/**
 * All subscriptions, with what can be done.
 *
 * @param rules who has to agree to new ones, as it is at present
 */
record SubscriptionList(List<SubscriptionRow> rows, SubscriptionsConfiguration rules) {
    SubscriptionList {
        rows = List.copyOf(rows);
    }

    static SubscriptionList of(List<Known> known, Instant now, SubscriptionsConfiguration rules) {
        return new SubscriptionList(
                known.stream().map(each -> SubscriptionRow.of(each, now)).toList(), rules);
    }

    boolean isManual() {
        return rules.validation() == Validation.MANUAL;
    }

    /** Hosts that need nobody to agree, in order; empty where that says nothing. */
    String trusted() {
        return isManual()
                ? String.join(", ", rules.trustedHosts().stream().sorted().toList())
                : "";
    }
}
