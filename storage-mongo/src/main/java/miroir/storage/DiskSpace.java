package miroir.storage;

/** The disk that the database is on, in bytes. */
public record DiskSpace(long free, long total) {}
