package miroir.server.console;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import miroir.index.store.ResourceKey;
import miroir.server.pages.Language;
import miroir.server.pipeline.Exchange;
import miroir.server.pipeline.SecurityHeaders;

/** Writes pages by their templates, which are compiled with the server; each has one parameter. */
public final class Pages {
    /** What a page may load: what this server has, and nothing that stands in the page itself. */
    static final String POLICY =
            "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

    private static final int YEAR = 31_536_000;

    private static final TemplateEngine TEMPLATES = templates();

    private final Site site;

    public Pages(Site site) {
        this.site = site;
    }

    /** The engine keeps the loader of whichever thread makes it, and in a container that can be the one of an application that ends before us. */
    private static TemplateEngine templates() {
        ClassLoader ours = Pages.class.getClassLoader();
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(ours);
        try {
            return TemplateEngine.createPrecompiled(null, ContentType.Html, ours, Pages.class.getPackageName());
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    boolean hasReports() {
        return site.hasReports();
    }

    /** Who asks for a page at that path and query. */
    View view(Exchange exchange, String here) {
        return View.of(exchange, Language.of(exchange), site, here);
    }

    /** What people call a type. */
    public String type(Exchange exchange, String type) {
        return Objects.requireNonNullElse(ListTypes.label(view(exchange), type), type);
    }

    /** Where whoever asks reads a resource. */
    public String resource(Exchange exchange, ResourceKey key) {
        return view(exchange).resource(key.toString());
    }

    /** Who asks for the page of the exchange. */
    View view(Exchange exchange) {
        return view(exchange, path(exchange));
    }

    /** The same where that may be what is wrong. */
    View viewOfFailure(Exchange exchange) {
        return View.of(exchange, Language.asPossible(exchange), site, path(exchange));
    }

    private static String path(Exchange exchange) {
        String query = exchange.request().getQueryString();
        return exchange.request().getRequestURI() + (query == null ? "" : "?" + query);
    }

    /** Sends a page whose content is markup already. */
    public void send(Exchange exchange, String title, String markup, HttpServletResponse response) throws IOException {
        View view = view(exchange);
        send(view, "raw", new RawPage(view, title, markup), 200, response);
    }

    void send(View view, String template, Object page, int status, HttpServletResponse response) throws IOException {
        byte[] body = html(template, page).getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        response.setHeader(SecurityHeaders.POLICY, POLICY);
        // Without it a browser does not say either whose form it sends, by which ours are known.
        response.setHeader(SecurityHeaders.REFERRER, "same-origin");
        response.setHeader("Content-Language", view.language().code());
        response.addHeader("Vary", "Accept-Language, Cookie");
        keepLanguage(view, response);
        response.setContentType("text/html;charset=UTF-8");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
        view.exchange().wrote(body.length);
    }

    /** What a template makes of a page. */
    static String html(String template, Object page) {
        StringOutput out = new StringOutput();
        TEMPLATES.render(template + ".jte", page, out);
        return out.toString();
    }

    /** What a template makes of these. */
    static String part(String template, Map<String, Object> parameters) {
        StringOutput out = new StringOutput();
        TEMPLATES.render(template + ".jte", parameters, out);
        return out.toString();
    }

    /** Who chose a language does not choose again on the next page. */
    private static void keepLanguage(View view, HttpServletResponse response) {
        boolean isChosen = view.exchange().query().stream()
                .anyMatch(parameter -> parameter.name().equals(Language.PARAMETER));
        if (isChosen) {
            response.addHeader(
                    "Set-Cookie",
                    Language.COOKIE + "=" + view.language().code() + "; Path=" + view.url("/") + "; Max-Age=" + YEAR
                            + "; HttpOnly; SameSite=Lax");
        }
    }
}
