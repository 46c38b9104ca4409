package miroir.storage;

import java.util.Optional;

/**
 * In which format a database is kept, as it says itself. A format is what Miroir takes for granted of what is stored: which fields there
 * are and what they mean. What is searched is not part of it, that has numbers of its own ({@link SearchBoard}).
 *
 * @param number the format in which everything is written from now on
 * @param writers the oldest format whose Miroir may go on reading and writing beside that
 * @param complete what is stored has been brought to this format, all of it
 * @param progress how far that is, in words; empty where nothing is done at the moment
 */
record StoredFormat(int number, int writers, int complete, String progress) {
    /** Of databases that do not say: all that were made before there was anything to say. */
    static final int FIRST = 1;

    /** Of a database that says nothing and holds something. */
    static StoredFormat unsaid() {
        return new StoredFormat(FIRST, FIRST, FIRST, "");
    }

    /** Whether what is stored is older than what is written. */
    boolean isBehind() {
        return complete < number;
    }

    /** Why a Miroir that knows formats up to that one has to leave this database alone; empty where it has not. */
    Optional<String> refusal(int known) {
        return known >= writers
                ? Optional.empty()
                : Optional.of("what is stored is of format " + number
                        + ", which a Miroir may read and write that knows format "
                        + writers + " or a newer one; this one knows formats up to " + known
                        + ". Start the version of Miroir that was here last, or restore the backup that was made before it"
                        + " (docs/operations/upgrade.md)");
    }
}
