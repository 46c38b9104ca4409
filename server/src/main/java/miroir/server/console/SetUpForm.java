package miroir.server.console;

/**
 * The form behind a set-up link. Nothing is done with the code until it is sent, so that programs which look at links before people do not use it up.
 */
record SetUpForm(View view, String here, String code) {}
