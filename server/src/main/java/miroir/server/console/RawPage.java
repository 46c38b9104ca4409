package miroir.server.console;

/**
 * A page that somebody else made.
 *
 * @param markup whose texts are escaped
 */
record RawPage(View view, String title, String markup) {}
