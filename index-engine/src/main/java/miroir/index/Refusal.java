package miroir.index;

import java.util.List;
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
        /** Well formed, and it does not fit what is there: a patch of something that is not. */
        NOT_APPLICABLE,
        /** Understood, and not offered here. */
        NOT_SUPPORTED,
        /** Changes what is asked, and is not known or not offered here: not even a lenient client has it left out. */
        NOT_UNDERSTOOD,
        NOT_FOUND,
        DELETED,
        /** It worked once and does not any more: an old link. */
        EXPIRED,
        /** The state of the resource forbids it. */
        CONFLICT,
        /** The condition that the client gave does not hold. */
        PRECONDITION_FAILED,
        LOGIN_NEEDED,
        /** A token was shown, and it is not valid, or not any more. */
        TOKEN_REFUSED,
        FORBIDDEN,
        /** Whoever asks lacks a right that others have. */
        RIGHT_MISSING,
        NOT_ACCEPTABLE,
        UNSUPPORTED_MEDIA_TYPE,
        TOO_LARGE,
        /** What is sent does not come in fast enough to be waited for. */
        TOO_SLOW,
        TOO_COSTLY,
        /** More is asked for than can be done at once, however much time there is: less can be asked for. */
        TOO_MANY,
        /** Indexes are being built, the database is away: try again later. */
        NOT_READY
    }

    /**
     * One thing that is wrong.
     *
     * @param path the FHIRPath of the guilty element, where one element is guilty
     */
    public record Issue(
            Reason reason, String message, @Nullable String path) {}

    private static final int LONGEST_SHOWN = 200;

    private final transient List<Issue> issues;

    public Refusal(Reason reason, String message) {
        this(reason, message, null);
    }

    /** A refusal of one element: {@code path} is its FHIRPath, such as {@code Patient.name[0].family}. */
    public Refusal(Reason reason, String message, @Nullable String path) {
        this(List.of(new Issue(reason, message, path)));
    }

    /** A refusal for several things at once; the first of them stands for all where only one can be shown. */
    public Refusal(List<Issue> issues) {
        super(issues.get(0).message(), null, false, false);
        this.issues = List.copyOf(issues);
    }

    /** A value that the client sent, as a message names it: whole, unless it is so long that nobody would read on. */
    public static String shown(String value) {
        return value.length() <= LONGEST_SHOWN ? value : value.substring(0, LONGEST_SHOWN) + "…";
    }

    /** Everything that is wrong, at least one. */
    public List<Issue> issues() {
        return issues;
    }

    public Reason reason() {
        return issues.get(0).reason();
    }

    /** The FHIRPath of the guilty element, where one element is guilty. */
    public @Nullable String path() {
        return issues.get(0).path();
    }
}
