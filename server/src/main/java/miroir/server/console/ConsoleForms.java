package miroir.server.console;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import miroir.index.Refusal;
import miroir.index.search.QueryParameter;
import miroir.server.access.TooOften;
import miroir.server.admin.AdminActions;
import miroir.server.admin.AdminAnswer;
import miroir.server.admin.AdminBody;
import miroir.server.failure.Failure;
import miroir.server.failure.Failures;
import miroir.server.pipeline.Exchange;
import miroir.server.pipeline.SessionCookie;
import miroir.server.routing.AdminCall;
import miroir.server.routing.AdminRoute;
import miroir.server.routing.ConsolePaths;
import org.bson.BsonDocument;

/**
 * What forms of the console ask for. It is done by what {@code /admin/api} does, and who asked comes back to the page that he came from: with what he
 * typed, and why not, where it was refused. By whom it may be asked was decided before.
 */
public final class ConsoleForms extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient Pages pages;
    private final transient ConsolePages shown;
    private final transient AdminActions actions;

    ConsoleForms(Pages pages, ConsolePages shown, AdminActions actions) {
        this.pages = pages;
        this.shown = shown;
        this.actions = actions;
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Exchange exchange = Exchange.of(request);
        List<QueryParameter> form = read(request);
        exchange.requireStillAllowed();
        requireOwnForm(request, form);
        AdminRoute route = exchange.adminCall().route();
        try {
            requireTwice(route, form);
            AdminBody body = AdminBody.ofForm(form, route.fields());
            AdminAnswer answer = actions.answer(exchange, body, version(form));
            goOn(exchange, form, answer, response);
        } catch (Refusal | TooOften refused) {
            showAgain(exchange, form, refused, response);
        }
    }

    private static List<QueryParameter> read(HttpServletRequest request) throws IOException {
        String type = String.valueOf(request.getContentType())
                .split(";", 2)[0]
                .strip()
                .toLowerCase(Locale.ROOT);
        if (!type.equals("application/x-www-form-urlencoded")) {
            throw new Refusal(
                    Refusal.Reason.UNSUPPORTED_MEDIA_TYPE,
                    "the Content-Type is " + Refusal.shown(type) + "; a form has application/x-www-form-urlencoded");
        }
        byte[] body = request.getInputStream().readAllBytes();
        List<QueryParameter> form =
                QueryParameter.decode(new String(body, StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        form.forEach(QueryParameter::check);
        return form;
    }

    /** A browser sends its cookie with whatever form it is shown; only ours has this in it. Who has no session yet has nothing that others could use. */
    private static void requireOwnForm(HttpServletRequest request, List<QueryParameter> form) {
        String session = SessionCookie.find(request).orElse("");
        if (session.isEmpty() || request.getHeader("Authorization") != null) {
            return;
        }
        byte[] expected = View.csrf(session).getBytes(StandardCharsets.UTF_8);
        byte[] sent = ConsolePages.value(form, "csrf").getBytes(StandardCharsets.UTF_8);
        AdminRoute route = Exchange.of(request).adminCall().route();
        boolean isToBegin = route == AdminRoute.LOG_IN || route == AdminRoute.SETUP;
        if (!isToBegin && !MessageDigest.isEqual(expected, sent)) {
            throw new Refusal(
                    Refusal.Reason.FORBIDDEN,
                    "the form is not one of this session: open the page again, and send it once more");
        }
    }

    private static void requireTwice(AdminRoute route, List<QueryParameter> form) {
        String first = switch (route) {
            case SETUP -> "password";
            case CHANGE_PASSWORD -> "new";
            default -> "";
        };
        if (!first.isEmpty() && !ConsolePages.value(form, first).equals(ConsolePages.value(form, "again"))) {
            throw new Refusal(Refusal.Reason.INVALID, "the two passwords are not the same");
        }
    }

    private static long version(List<QueryParameter> form) {
        String version = ConsolePages.value(form, "version");
        if (version.isEmpty()) {
            return 0;
        }
        if (!version.matches("[0-9]{1,18}")) {
            throw new Refusal(Refusal.Reason.INVALID, "version is " + Refusal.shown(version) + "; it is a number");
        }
        return Long.parseLong(version);
    }

    private void goOn(Exchange exchange, List<QueryParameter> form, AdminAnswer answer, HttpServletResponse response)
            throws IOException {
        AdminRoute route = exchange.adminCall().route();
        String next = next(form);
        switch (route) {
            case LOG_IN, SETUP -> {
                SessionCookie.set(exchange, response, secret(answer, "token"));
                FailurePages.redirect(response, exchange.rootPath() + next);
            }
            case CHANGE_PASSWORD -> {
                SessionCookie.set(exchange, response, secret(answer, "token"));
                goOn(exchange, next, response);
            }
            case LOG_OUT -> {
                SessionCookie.clear(exchange, response);
                FailurePages.redirect(response, exchange.rootPath() + "/");
            }
            case ISSUE_TOKEN -> {
                View view = pages.view(exchange, next);
                response.setHeader("Cache-Control", "no-store");
                pages.send(
                        view,
                        "secret",
                        new SecretPage(view, view.say("secret.token"), secret(answer, "token"), next),
                        200,
                        response);
            }
            default -> goOn(exchange, next, response);
        }
    }

    /** To a page that says what was done. */
    private static void goOn(Exchange exchange, String next, HttpServletResponse response) {
        String done = (next.contains("?") ? "&" : "?") + "done="
                + exchange.adminCall().route().name();
        FailurePages.redirect(response, exchange.rootPath() + next + done);
    }

    private static String secret(AdminAnswer answer, String field) {
        BsonDocument body = answer.body();
        if (body == null) {
            throw new IllegalStateException("an answer with " + field + " has none");
        }
        return body.getString(field).getValue();
    }

    private static String next(List<QueryParameter> form) {
        String next = ConsolePages.value(form, "next");
        String back = ConsolePages.value(form, "back");
        String to = next.isEmpty() ? back : next;
        return ConsolePages.isOurs(to) ? withoutDone(to) : ConsolePaths.CONSOLE;
    }

    private static String withoutDone(String path) {
        return path.replaceAll("(?<=[?&])done=[A-Z_]*&?", "").replaceAll("[?&]$", "");
    }

    /** The page that the form is on, with what was typed; passwords are typed again. */
    private void showAgain(
            Exchange exchange, List<QueryParameter> form, RuntimeException refused, HttpServletResponse response)
            throws IOException {
        String back = ConsolePages.value(form, "back");
        if (!ConsolePages.isOurs(back) || !back.startsWith(ConsolePaths.CONSOLE)) {
            throw refused;
        }
        String here = withoutDone(back);
        String[] parts = here.split("\\?", 2);
        Failure failure = Failures.of(refused, exchange.requestId());
        failure.headers().forEach(response::setHeader);
        int status = failure.status();
        View page = pages.view(exchange, here);
        AdminRoute asked = exchange.adminCall().route();
        boolean isWrongPassword = status == 401 && asked == AdminRoute.LOG_IN;
        boolean isWrongOld = status == 403 && asked == AdminRoute.CHANGE_PASSWORD;
        // Who was too late sees what is there now, and not what he would put over it.
        List<QueryParameter> typed = status == HttpServletResponse.SC_PRECONDITION_FAILED ? List.of() : form;
        String route = refused(exchange.adminCall());
        View view = isWrongPassword || isWrongOld
                ? page.refused(isWrongOld ? "account.wrong" : "login.wrong", null, route, typed)
                : page.refused(page.failure(status), String.valueOf(refused.getMessage()), route, typed);
        List<QueryParameter> query = parts.length == 2 ? QueryParameter.decode(parts[1]) : List.of();
        query.forEach(QueryParameter::check);
        shown.show(view, parts[0], query, status, response);
    }

    /** Which form it was, where a page has several: what it asks for, and of what that is. */
    private static String refused(AdminCall call) {
        return call.route().name() + (call.name().isEmpty() ? "" : "/" + call.name());
    }
}
