package miroir.storage;

/** The names of what a document holds beside its {@code t_*} fields. */
final class StoredFields {
    /** The resource id; in history {@code {id, v}}. */
    static final String ID = "_id";

    /** The position: given at creation, kept for ever. A deletion has {@link #POSITION_KEPT} instead. */
    static final String POSITION = "n";

    static final String POSITION_KEPT = "pn";
    static final String VERSION = "v";

    /** The commit instant. */
    static final String FROM = "from";

    /** In history: the commit instant of the successor. */
    static final String TO = "to";

    /** By which number of what is searched the {@code t_*} fields were made, see {@link FieldsNumber}. */
    static final String GENERATION = "x";

    static final String HASH = "hash";
    static final String DELETED = "deleted";

    /** Only on what an erasure left: a deletion whose id cannot be written again. */
    static final String ERASED = "erased";

    /**
     * How the version came to be, where its number does not say it: most versions are the first put under their id or put
     * over the one before, and have none.
     */
    static final String OPERATION = "op";

    /** Which synchronisation owns the resource; absent for those of this server. A deletion has {@link #SOURCE_KEPT} instead. */
    static final String SOURCE = "src";

    static final String SOURCE_KEPT = "psrc";

    /** The owner's own instant, outside of content and hash. */
    static final String UPSTREAM = "up";

    static final String FHIR = "fhir";

    /** In {@code _id} of history. */
    static final String HISTORY_ID = "id";

    private StoredFields() {}
}
