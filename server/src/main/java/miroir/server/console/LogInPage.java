package miroir.server.console;

/**
 * The form to log in.
 *
 * @param next where to go then
 */
record LogInPage(View view, String here, String next) {}
