package miroir.server.console;

/**
 * What there is to know of something.
 *
 * @param key of what it is called
 */
record Fact(String key, String value) {}
