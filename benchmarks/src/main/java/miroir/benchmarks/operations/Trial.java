package miroir.benchmarks.operations;

import java.io.IOException;
import miroir.benchmarks.HttpConnection;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether somebody else's server can be asked an operation. FHIR lets a server ignore what it does not know, so an answer of 200 says little: what was
 * ignored would be measured as if it were answered. Asked about nobody, such a server shows somebody all the same.
 */
record Trial(Asked asked) {

    /** Why the operation cannot be measured; null where it can. */
    @Nullable
    String refusal(Operation operation) throws IOException {
        try (HttpConnection connection = asked.connection()) {
            int status = connection.get(asked.target(operation, 0));
            if (status != 200) {
                return "answered with " + status;
            }
            String lacking = lacking(operation, connection);
            return lacking == null && operation.isAboutSomething() ? ignored(operation, connection) : lacking;
        }
    }

    private static @Nullable String lacking(Operation operation, HttpConnection connection) {
        Shown shown = Shown.of(connection.body());
        if (operation.isWalked() && Asked.next(connection.reader()) == null) {
            return "the answer has no link to a next page";
        }
        if (operation.isIncluding() && shown.included().isEmpty()) {
            return "nothing was included";
        }
        if (operation == Operation.COUNT && !shown.matches().isEmpty()) {
            return "resources are shown instead of their number";
        }
        return null;
    }

    private @Nullable String ignored(Operation operation, HttpConnection connection) throws IOException {
        int status = connection.get(asked.targetOfNobody(operation));
        if (status != 200) {
            return "answered with " + status + " where there is nobody";
        }
        return Shown.of(connection.body()).matches().isEmpty()
                ? null
                : "somebody is shown where there is nobody, so what was asked is ignored";
    }
}
