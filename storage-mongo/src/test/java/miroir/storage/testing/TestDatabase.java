package miroir.storage.testing;

/** A database that belongs to one test class and is dropped after it. */
public record TestDatabase(String uri, String name) {}
