package miroir.server.console;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import miroir.index.Refusal;
import miroir.server.failure.Failure;
import miroir.server.failure.Failures;
import miroir.server.pipeline.Exchange;
import miroir.server.pipeline.RequestPipeline;
import miroir.server.routing.ConsolePaths;
import miroir.server.routing.Interaction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What people see who are refused a page: who has to log in is led there, and comes back; the others read why. */
public final class FailurePages implements RequestPipeline.FailurePage {
    private static final Logger LOG = LoggerFactory.getLogger(FailurePages.class);

    private final Pages pages;

    public FailurePages(Pages pages) {
        this.pages = pages;
    }

    @Override
    public boolean answers(Exchange exchange, HttpServletResponse response, Throwable failure) {
        boolean isForScript = ConsolePaths.isOfEvents(exchange.request().getRequestURI());
        if (response.isCommitted() || isForScript) {
            return false;
        }
        try {
            response.resetBuffer();
            if (isForLogin(failure) && exchange.route().interaction() == Interaction.CONSOLE) {
                redirect(response, logIn(exchange));
            } else {
                show(exchange, response, failure);
            }
            return true;
        } catch (IOException e) {
            exchange.aborted();
            return true;
        } catch (RuntimeException unshowable) {
            LOG.debug("a failure is told as to programs", unshowable);
            return false;
        }
    }

    private static boolean isForLogin(Throwable failure) {
        return failure instanceof Refusal refusal
                && (refusal.reason() == Refusal.Reason.LOGIN_NEEDED
                        || refusal.reason() == Refusal.Reason.TOKEN_REFUSED);
    }

    private void show(Exchange exchange, HttpServletResponse response, Throwable thrown) throws IOException {
        Failure failure = Failures.of(thrown, exchange.requestId());
        failure.headers().forEach(response::setHeader);
        response.setHeader("Cache-Control", "no-store");
        View view = pages.viewOfFailure(exchange);
        String sentence =
                failure.issues().stream().map(Failure.Issue::diagnostics).collect(Collectors.joining(" "));
        FailureShown page = new FailureShown(
                view,
                view.say("failure.title", failure.status()),
                view.failure(failure.status()),
                sentence,
                isForLogin(thrown),
                logIn(exchange),
                exchange.requestId());
        pages.send(view, "failure", page, failure.status(), response);
    }

    static void redirect(HttpServletResponse response, String to) {
        response.setStatus(HttpServletResponse.SC_SEE_OTHER);
        response.setHeader("Location", to);
        response.setHeader("Cache-Control", "no-store");
        response.setContentLength(0);
    }

    /** From a page somebody comes back to it; from a form to where its page leads. */
    private static String logIn(Exchange exchange) {
        HttpServletRequest request = exchange.request();
        String path = exchange.rootPath() + ConsolePaths.LOG_IN;
        if (exchange.isByForm() || request.getRequestURI().equals(ConsolePaths.CONSOLE)) {
            return path;
        }
        String query = request.getQueryString() == null ? "" : "?" + request.getQueryString();
        return path + "?next=" + URLEncoder.encode(request.getRequestURI() + query, StandardCharsets.UTF_8);
    }
}
