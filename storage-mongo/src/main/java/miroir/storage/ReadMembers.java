package miroir.storage;

/** Which members of a replica set answer reads and searches. */
public enum ReadMembers {
    /** The one that takes writes. */
    PRIMARY,

    /** The others, once they have everything that was acknowledged when the read began; the primary where there is none. */
    SECONDARIES
}
