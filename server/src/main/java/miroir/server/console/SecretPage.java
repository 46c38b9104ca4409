package miroir.server.console;

/**
 * What is shown once.
 *
 * @param next where to go when it was copied
 */
record SecretPage(View view, String title, String secret, String next) {}
