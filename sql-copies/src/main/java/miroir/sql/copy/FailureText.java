package miroir.sql.copy;

import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.Objects;
import miroir.index.Refusal;
import miroir.index.yaml.ConfigurationRefused;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * What is told of a failure, to whoever may read the copy and in the log: what happened, and nothing of what is in a cell. PostgreSQL adds the line that it did not like to what it says, and names values
 * that are none of a type, or are there already.
 */
public final class FailureText {
    /** Data that do not fit, and constraints that they violate. */
    private static final String OF_VALUES = "2[23].*";

    private FailureText() {}

    /** In words, never empty. */
    public static String of(Throwable failure) {
        if (failure instanceof PSQLException postgres) {
            return of(postgres);
        }
        if (isUnexpected(failure)) {
            return failure.getClass().getSimpleName() + ", which nobody expected; the log has more";
        }
        String message = failure.getMessage();
        return message == null || message.isEmpty() ? failure.getClass().getSimpleName() : message;
    }

    private static String of(PSQLException failure) {
        ServerErrorMessage server = failure.getServerErrorMessage();
        String state = Objects.requireNonNullElse(failure.getSQLState(), "none");
        if (state.matches(OF_VALUES)) {
            return "PostgreSQL does not take a value (SQLSTATE " + state + ")";
        }
        String message = server == null ? failure.getMessage() : server.getMessage();
        return message + " (SQLSTATE " + state + ")";
    }

    /** Whether it is neither of a database nor of what somebody asked for: a mistake of ours, perhaps, which may say anything. */
    static boolean isUnexpected(Throwable failure) {
        return !(failure instanceof SQLException
                || failure instanceof Refusal
                || failure instanceof Unmakeable
                || failure instanceof UncheckedIOException
                || failure instanceof ConfigurationRefused);
    }
}
