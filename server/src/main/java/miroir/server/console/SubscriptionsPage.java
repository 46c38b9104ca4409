package miroir.server.console;

/** All subscriptions, with what can be done. */
record SubscriptionsPage(View view, SubscriptionList list) {}
