package miroir.server.console;

/** The form for another one. */
record NewSourcePage(View view, SourceForm form) {}
