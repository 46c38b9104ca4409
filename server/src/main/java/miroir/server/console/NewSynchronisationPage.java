package miroir.server.console;

/** The form for another one. */
record NewSynchronisationPage(View view, SynchronisationForm form) {}
