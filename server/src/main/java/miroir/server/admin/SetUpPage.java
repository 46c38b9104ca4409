package miroir.server.admin;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import miroir.index.Refusal;
import miroir.index.search.QueryParameter;
import miroir.server.access.AccessParts;
import miroir.server.access.TooOften;
import miroir.server.pages.Html;
import miroir.server.pipeline.Exchange;
import miroir.server.pipeline.SecurityHeaders;
import miroir.server.routing.Router;

/**
 * {@code /admin/setup}: the form behind a set-up link, in French and in English, without a script. Nothing is done with the code until the form is
 * sent, so that programs which look at links before people do not use it up.
 */
public final class SetUpPage extends HttpServlet {
    private static final long serialVersionUID = 1L;

    /** Where it is. */
    public static final String PATH = Router.FORM;

    private static final String STYLE =
            "body{font:16px/1.5 system-ui,sans-serif;max-width:34em;margin:3em auto;padding:0 1em}"
                    + "label{display:block;margin-top:1em}input{font:inherit;width:100%;padding:.4em;box-sizing:border-box}"
                    + "button{font:inherit;margin-top:1.5em;padding:.5em 1.5em}.wrong{border-left:4px solid #c00;padding-left:1em}"
                    + "@media(prefers-color-scheme:dark){body{background:#161616;color:#eee}}";

    private final transient AccessParts access;

    public SetUpPage(AccessParts access) {
        this.access = access;
    }

    /** The link with that code. */
    public static String link(String root, String code) {
        return root + PATH + "?code=" + code;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String query = request.getQueryString();
        write(response, 200, form(value(query == null ? List.of() : QueryParameter.decode(query), "code"), "", ""));
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        byte[] body = request.getInputStream().readAllBytes();
        List<QueryParameter> sent =
                QueryParameter.decode(new String(body, StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        sent.forEach(QueryParameter::check);
        String code = value(sent, "code");
        String name = value(sent, "name");
        String password = value(sent, "password");
        try {
            if (!password.equals(value(sent, "again"))) {
                throw new Refusal(Refusal.Reason.INVALID, "the two passwords are not the same");
            }
            Exchange exchange = Exchange.of(request);
            access.administrators().setUp(code, name, password, exchange.client(), () -> {
                exchange.note().named(name);
                exchange.note().require();
            });
        } catch (Refusal | TooOften refused) {
            write(response, status(refused), form(code, name, String.valueOf(refused.getMessage())));
            return;
        }
        write(
                response,
                200,
                page("<p lang=\"fr\">L'administrateur « " + Html.escaped(name) + " » est créé.</p>"
                        + "<p lang=\"en\">The administrator “" + Html.escaped(name) + "” has been made.</p>"));
    }

    private static int status(RuntimeException refused) {
        if (refused instanceof Refusal refusal && refusal.reason() == Refusal.Reason.NOT_READY) {
            return 503;
        }
        return refused instanceof TooOften ? 429 : 400;
    }

    private static String value(List<QueryParameter> sent, String name) {
        return sent.stream()
                .filter(parameter -> parameter.name().equals(name))
                .map(QueryParameter::value)
                .findFirst()
                .orElse("");
    }

    private static String form(String code, String name, String wrong) {
        return page((wrong.isEmpty() ? "" : "<p class=\"wrong\" role=\"alert\">" + Html.escaped(wrong) + "</p>")
                + "<p lang=\"fr\">Créez le premier administrateur de ce serveur. Ce lien ne sert qu'une fois.</p>"
                + "<p lang=\"en\">Make the first administrator of this server. This link works once.</p>"
                + "<form method=\"post\" action=\"setup\">"
                + "<input type=\"hidden\" name=\"code\" value=\"" + Html.escaped(code) + "\">"
                + "<label>Identifiant <span lang=\"en\">(name)</span>"
                + "<input name=\"name\" value=\"" + Html.escaped(name)
                + "\" required maxlength=\"64\" autocomplete=\"username\" pattern=\"[a-z0-9][a-z0-9._\\-]*\"></label>"
                + "<label>Mot de passe, 12 caractères au moins <span lang=\"en\">(password, at least 12 characters)</span>"
                + "<input name=\"password\" type=\"password\" required minlength=\"12\" maxlength=\"200\""
                + " autocomplete=\"new-password\"></label>"
                + "<label>Encore une fois <span lang=\"en\">(once more)</span>"
                + "<input name=\"again\" type=\"password\" required minlength=\"12\" maxlength=\"200\""
                + " autocomplete=\"new-password\"></label>"
                + "<button>Créer <span lang=\"en\">(make)</span></button></form>");
    }

    private static String page(String content) {
        return "<!doctype html><html lang=\"fr\"><head><meta charset=\"utf-8\"><meta name=\"viewport\""
                + " content=\"width=device-width\"><title>Miroir – premier administrateur</title><style>" + STYLE
                + "</style></head><body><main><h1>Miroir</h1>" + content + "</main></body></html>\n";
    }

    private static void write(HttpServletResponse response, int status, String html) throws IOException {
        byte[] body = html.getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader(
                SecurityHeaders.POLICY,
                SecurityHeaders.NOTHING.replace("form-action 'none'", "form-action 'self'")
                        + "; style-src 'unsafe-inline'");
        response.setContentType("text/html;charset=UTF-8");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
