package miroir.server.audit;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How something ended. */
public enum Outcome {
    SUCCESS("0"),
    /** By whoever asked. */
    REFUSED("4"),
    /** By the server. */
    FAILED("8");

    private static final int REFUSALS = 400;
    private static final int FAILURES = 500;

    private final String code;

    Outcome(String code) {
        this.code = code;
    }

    /** What a status means. */
    public static Outcome of(int status) {
        if (status < REFUSALS) {
            return SUCCESS;
        }
        return status < FAILURES ? REFUSED : FAILED;
    }

    /** The one of that name; empty where there is none. */
    public static Optional<Outcome> find(String word) {
        return Arrays.stream(values())
                .filter(outcome -> outcome.word().equals(word))
                .findFirst();
    }

    static Outcome named(String word) {
        return find(word).orElseThrow();
    }

    /** As it is kept, and as it is asked for. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** In FHIR's words. */
    String code() {
        return code;
    }
}
