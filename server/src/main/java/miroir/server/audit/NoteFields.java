package miroir.server.audit;

/** What a note has beside the fields by which it is found. */
public final class NoteFields {
    /** What kind of token was sent. */
    public static final String TOKEN = "token";

    /** From where. */
    public static final String ADDRESS = "address";

    /** Under which id the log knows the request. */
    public static final String REQUEST = "request";

    /** What of the thing is meant, such as which of its tokens, or which consumer is to have one. */
    public static final String SECOND = "second";

    /** What was searched for; personal data, perhaps. */
    public static final String QUERY = "query";

    /** Method and URL of each entry of a bundle. */
    public static final String ENTRIES = "entries";

    /** What came of each of them. */
    public static final String ANSWERS = "answers";

    public static final String STATUS = "status";

    /** How long it took. */
    public static final String MILLIS = "millis";

    /** The versions that it made. */
    public static final String WRITTEN = "written";

    private NoteFields() {}
}
