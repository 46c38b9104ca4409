package miroir.server.validation;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something that a validator has to say of a resource.
 *
 * @param code of the value set issue-type
 * @param expression the FHIRPath of the element
 */
public record Finding(
        Severity severity,
        String code,
        String message,
        @Nullable String expression) {
    /** How bad it is. */
    public enum Severity {
        ERROR,
        WARNING,
        INFORMATION;

        /** As an OperationOutcome has it. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
