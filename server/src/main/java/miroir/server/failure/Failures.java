package miroir.server.failure;

import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import java.util.List;
import java.util.Map;
import miroir.index.Refusal;
import miroir.server.access.TooOften;
import miroir.server.routing.MethodRefused;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place that knows which status and issue code a failure has. */
public final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);
    private static final String RETRY_AFTER_SECONDS = "5";
    private static final String CHALLENGE = "WWW-Authenticate";
    private static final String REALM = "Bearer realm=\"miroir\"";
    private static final int LONGEST_DESCRIPTION = 300;

    private Failures() {}

    /** What to answer. Whatever is not the client's doing is logged here, with its stack trace. */
    public static Failure of(Throwable thrown, String requestId) {
        if (thrown instanceof Refusal refusal) {
            return ofRefusal(refusal);
        }
        if (thrown instanceof MethodRefused refused) {
            return new Failure(
                    405,
                    issue("not-supported", String.valueOf(refused.getMessage())),
                    Map.of("Allow", refused.allowed()));
        }
        if (thrown instanceof TooOften often) {
            return new Failure(
                    429,
                    issue("throttled", String.valueOf(often.getMessage())),
                    Map.of("Retry-After", String.valueOf(often.seconds())));
        }
        if (thrown instanceof BaseServerResponseException hapi && hapi.getStatusCode() < 500) {
            return ofStatus(hapi.getStatusCode(), String.valueOf(hapi.getMessage()));
        }
        LOG.error("request {} failed", requestId, thrown);
        return ofStatus(500, "the server failed; its log has the reason under the request id " + requestId);
    }

    /** For what only a status is known of: errors that the HTTP layer finds before we see the request. */
    public static Failure ofStatus(int status, String message) {
        String code = switch (status) {
            case 401 -> "login";
            case 403 -> "forbidden";
            case 404 -> "not-found";
            case 405, 406, 415, 501, 505 -> "not-supported";
            case 408 -> "timeout";
            case 409, 412 -> "conflict";
            case 410 -> "deleted";
            case 413, 414, 431 -> "too-long";
            case 422 -> "processing";
            case 429 -> "throttled";
            case 503 -> "transient";
            default -> status < 500 ? "invalid" : "exception";
        };
        return new Failure(status, issue(code, message), Map.of());
    }

    private static Failure ofRefusal(Refusal refusal) {
        List<Failure.Issue> issues = refusal.issues().stream()
                .map(issue -> new Failure.Issue(code(issue.reason()), issue.message(), issue.path()))
                .toList();
        Map<String, String> headers = switch (refusal.reason()) {
            case NOT_READY -> Map.of("Retry-After", RETRY_AFTER_SECONDS);
            case LOGIN_NEEDED -> Map.of(CHALLENGE, REALM);
            case TOKEN_REFUSED -> Map.of(CHALLENGE, challenge("invalid_token", refusal));
            case RIGHT_MISSING -> Map.of(CHALLENGE, challenge("insufficient_scope", refusal));
            default -> Map.of();
        };
        return new Failure(status(refusal.reason()), issues, headers);
    }

    /** As RFC 6750 wants it; its descriptions are quoted ASCII without quotes. */
    private static String challenge(String error, Refusal refusal) {
        String text = String.valueOf(refusal.getMessage())
                .replace('"', '\'')
                .replace('\\', '/')
                .replaceAll("[^\\x20-\\x7E]", "?");
        String bounded = text.length() <= LONGEST_DESCRIPTION ? text : text.substring(0, LONGEST_DESCRIPTION) + "...";
        return REALM + ", error=\"" + error + "\", error_description=\"" + bounded + "\"";
    }

    private static int status(Refusal.Reason reason) {
        return switch (reason) {
            case INVALID, NOT_UNDERSTOOD, TOO_MANY -> 400;
            case LOGIN_NEEDED, TOKEN_REFUSED -> 401;
            case FORBIDDEN, RIGHT_MISSING -> 403;
            case NOT_FOUND -> 404;
            case NOT_ACCEPTABLE -> 406;
            case TOO_SLOW -> 408;
            case CONFLICT -> 409;
            case DELETED, EXPIRED -> 410;
            case PRECONDITION_FAILED -> 412;
            case TOO_LARGE -> 413;
            case UNSUPPORTED_MEDIA_TYPE -> 415;
            case UNPROCESSABLE, NOT_APPLICABLE -> 422;
            case NOT_SUPPORTED -> 501;
            case TOO_COSTLY, NOT_READY -> 503;
        };
    }

    private static String code(Refusal.Reason reason) {
        return switch (reason) {
            case INVALID -> "invalid";
            case LOGIN_NEEDED, TOKEN_REFUSED -> "login";
            case FORBIDDEN, RIGHT_MISSING -> "forbidden";
            case NOT_FOUND -> "not-found";
            case NOT_ACCEPTABLE, UNSUPPORTED_MEDIA_TYPE, NOT_SUPPORTED, NOT_UNDERSTOOD -> "not-supported";
            case CONFLICT, PRECONDITION_FAILED -> "conflict";
            case DELETED -> "deleted";
            case EXPIRED -> "expired";
            case TOO_LARGE -> "too-long";
            case UNPROCESSABLE -> "structure";
            case NOT_APPLICABLE -> "processing";
            case TOO_COSTLY, TOO_MANY -> "too-costly";
            case TOO_SLOW -> "timeout";
            case NOT_READY -> "transient";
        };
    }

    private static List<Failure.Issue> issue(String code, String diagnostics) {
        return List.of(new Failure.Issue(code, diagnostics, null));
    }
}
