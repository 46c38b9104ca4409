package miroir.server.console;

/** All synchronisations. */
record SynchronisationsPage(View view, SynchronisationList list) {}
