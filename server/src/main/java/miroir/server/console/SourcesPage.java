package miroir.server.console;

/** All sources, with what can be done. */
record SourcesPage(View view, SourceList list) {}
