package miroir.server.console;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import miroir.index.Refusal;
import miroir.server.failure.Failure;
import miroir.server.failure.Failures;
import miroir.server.fhir.AskDirectory;
import miroir.server.pipeline.Exchange;
import org.jspecify.annotations.Nullable;

/** {@code /people}: somebody, by what is known of them, for those who are no programs. */
public final class People extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient Pages pages;
    private final transient ReadPeople read;

    public People(Pages pages, AskDirectory directory) {
        this.pages = pages;
        this.read = new ReadPeople(directory);
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Exchange exchange = Exchange.of(request);
        View view = pages.view(exchange);
        try {
            PeopleQuestion asked = PeopleQuestion.of(exchange.query());
            send(view, asked, asked.isEmpty() ? null : read.of(exchange, asked), 200, response);
        } catch (Refusal refused) {
            if (isOfWhoAsks(refused)) {
                throw refused;
            }
            Failure failure = Failures.of(refused, exchange.requestId());
            failure.headers().forEach(response::setHeader);
            View again = view.with(new View.Notice(
                    false, view.say(view.failure(failure.status())), String.valueOf(refused.getMessage())));
            send(again, PeopleQuestion.asPossible(exchange.query()), null, failure.status(), response);
        }
    }

    /** Who may not ask is not shown where he could. */
    private static boolean isOfWhoAsks(Refusal refused) {
        return switch (refused.reason()) {
            case LOGIN_NEEDED, TOKEN_REFUSED, FORBIDDEN, RIGHT_MISSING -> true;
            default -> false;
        };
    }

    private void send(
            View view, PeopleQuestion asked, @Nullable PeopleFound found, int status, HttpServletResponse response)
            throws IOException {
        response.setHeader("Cache-Control", "no-store");
        pages.send(view, "people", new PeoplePage(view, asked, found), status, response);
    }
}
