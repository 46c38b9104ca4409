package miroir.index;

import org.jspecify.annotations.Nullable;

/**
 * What was asked cannot be done, and whoever asked can do something about it. The message names the guilty value and
 * what is allowed; it is shown to the client as it is.
 */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why, in terms that do not depend on the transport; the server maps each to one status and one issue code. */
    public enum Reason {
        /** Malformed or meaningless request: bad parameter, bad JSON, bad value. */
        INVALID,
        /** Well formed, but not a FHIR resource: unknown element, wrong type, wrong cardinality. */
        UNPROCESSABLE,
        /** Understood, and not offered here. */
        NOT_SUPPORTED,
        NOT_FOUND,
        DELETED,
        /** The state of the resource forbids it. */
        CONFLICT,
        /** The condition that the client gave does not hold. */
        PRECONDITION_FAILED,
        LOGIN_NEEDED,
        FORBIDDEN,
        METHOD_NOT_ALLOWED,
        NOT_ACCEPTABLE,
        UNSUPPORTED_MEDIA_TYPE,
        TOO_LARGE,
        TOO_COSTLY,
        /** Indexes are being built, the database is away: try again later. */
        NOT_READY
    }

    private final Reason reason;
    private final @Nullable String path;

    public Refusal(Reason reason, String message) {
        this(reason, message, null);
    }

    /** A refusal of one element: {@code path} is its FHIRPath, such as {@code Patient.name[0].family}. */
    public Refusal(Reason reason, String message, @Nullable String path) {
        super(message, null, false, false);
        this.reason = reason;
        this.path = path;
    }

    public Reason reason() {
        return reason;
    }

    /** The FHIRPath of the guilty element, where one element is guilty. */
    public @Nullable String path() {
        return path;
    }
}
