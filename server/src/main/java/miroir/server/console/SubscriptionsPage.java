package miroir.server.console;

import java.util.List;

/** All subscriptions, with what can be done. */
record SubscriptionsPage(View view, List<SubscriptionRow> rows) {
    SubscriptionsPage {
        rows = List.copyOf(rows);
    }
}
