package miroir.server.failure;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A failure in terms of HTTP.
 *
 * @param issues at least one
 * @param headers those that the status asks for, such as {@code Allow} or {@code Retry-After}
 */
public record Failure(int status, List<Issue> issues, Map<String, String> headers) {
    public Failure {
        issues = List.copyOf(issues);
        headers = Map.copyOf(headers);
    }

    /**
     * One entry of the OperationOutcome.
     *
     * @param code of the value set issue-type
     * @param diagnostics what is wrong and what is allowed, for people
     * @param expression the FHIRPath of the guilty element
     */
    public record Issue(
            String code, String diagnostics, @Nullable String expression) {}
}
