package miroir.index.store;

/**
 * Whether the store can do its work.
 *
 * @param ready false while indexes that searches need are being built, or while the database does not answer
 * @param detail what is missing and how far it is, for people
 */
public record Readiness(boolean ready, String detail) {}
