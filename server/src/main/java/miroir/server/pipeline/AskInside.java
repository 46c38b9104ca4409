package miroir.server.pipeline;

import java.util.List;
import java.util.function.Function;
import miroir.index.Refusal;
import miroir.index.search.QueryParameter;
import miroir.server.failure.Failures;
import miroir.server.routing.AdminCall;
import miroir.server.routing.Route;

/**
 * Asks something for who looks at a page, as if he had sent it himself: decided by the same rules, and noted alike. What it holds it gives back before
 * the page is written, so whatever is answered has to be read until then; who asks for two things holds nothing of the first while he waits for the second.
 */
public final class AskInside {
    private static final int DONE = 200;

    /** What is no refusal is told, and logged, where the page fails. */
    private static final int FAILED = 500;

    private AskInside() {}

    /** An interaction with resources. */
    public static <T> T fhir(Exchange page, Route route, List<QueryParameter> query, Function<Exchange, T> answer) {
        return answered(page, page.inside(route, query), true, answer);
    }

    /** An interaction with resources for who listens for as long as he likes: what it took is not added to his request, which would grow without end. */
    public static <T> T followed(
            Exchange follower, Route route, List<QueryParameter> query, Function<Exchange, T> answer) {
        return answered(follower, follower.inside(route, query), false, answer);
    }

    /** What administrators ask for. */
    public static <T> T administration(
            Exchange page, AdminCall call, List<QueryParameter> query, Function<Exchange, T> answer) {
        return answered(page, page.inside(call, query), true, answer);
    }

    private static <T> T answered(Exchange page, Exchange asked, boolean isPartOfIt, Function<Exchange, T> answer) {
        int status = FAILED;
        try {
            Decide.on(asked);
            T answered = answer.apply(asked);
            status = DONE;
            return answered;
        } catch (Refusal refused) {
            status = Failures.of(refused, asked.requestId()).status();
            throw refused;
        } finally {
            asked.over();
            if (isPartOfIt) {
                page.didInside(asked);
            }
            asked.note().end(status);
        }
    }
}
