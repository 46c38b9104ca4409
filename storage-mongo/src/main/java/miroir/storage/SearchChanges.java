package miroir.storage;

/**
 * What a process does about changes of what is searched.
 *
 * @param announcing whether its own files count where they are new; otherwise it takes over what is in force, and announces them
 *     only where nothing is yet
 * @param documentsPerSecond how many versions get their fields anew in a second at most; 0: half of the time is left to others
 */
public record SearchChanges(boolean announcing, int documentsPerSecond) {

    /** Its own files count. */
    public static SearchChanges usual() {
        return new SearchChanges(true, 0);
    }
}
