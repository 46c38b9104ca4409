package miroir.server.console;

import java.util.List;
import miroir.server.configuration.SubscriptionsConfiguration;
import miroir.server.configuration.SubscriptionsConfiguration.Validation;

/**
 * All subscriptions, with what can be done.
 *
 * @param rules who has to agree to new ones, as it is at present
 */
record SubscriptionsPage(View view, List<SubscriptionRow> rows, SubscriptionsConfiguration rules) {
    SubscriptionsPage {
        rows = List.copyOf(rows);
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
