package miroir.server.reports;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import miroir.index.search.QueryParameter;
import miroir.server.pages.Html;
import miroir.server.pipeline.Exchange;
import miroir.server.pipeline.SecurityHeaders;
import miroir.server.routing.Router;
import org.jspecify.annotations.Nullable;

/** What stands around every report, and the elements that they are made of. All text is escaped here. */
final class Frame {
    private static final String STYLE = """
            :root{color-scheme:light dark;--line:#8886;--soft:#8881;--link:light-dark(#0b57a4,#8ab8f0)}
            body{font:16px/1.5 system-ui,sans-serif;max-width:64em;margin:0 auto;padding:0 1rem 3rem}
            a{color:var(--link)}nav{display:flex;flex-wrap:wrap;gap:1.2rem;padding:1rem 0;border-bottom:1px solid var(--line)}
            nav [aria-current]{font-weight:600;color:inherit;text-decoration:none}nav .lang{margin-left:auto}
            .wide{overflow-x:auto}th a{white-space:nowrap}table{border-collapse:collapse;width:100%;margin:1rem 0}
            caption{text-align:left;font-weight:600;padding:.3rem 0}
            th,td{text-align:left;vertical-align:top;padding:.45rem .7rem;border-bottom:1px solid var(--line)}
            thead th{background:var(--soft)}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
            .skip{position:absolute;left:-99em}.skip:focus{left:1rem;top:.5rem;background:Canvas;padding:.3rem .6rem}
            form{display:flex;flex-wrap:wrap;gap:.6rem 1rem;align-items:end;margin:1rem 0}label{display:block;font-size:.9rem}
            input,select,button{font:inherit;padding:.25rem .5rem}:focus-visible{outline:3px solid var(--link);outline-offset:2px}
            .note{color:light-dark(#555,#aaa);font-weight:400}code{background:var(--soft);padding:0 .2em}""";

    private static final Words SKIP = new Words("Aller au contenu", "Skip to the content");
    private static final Words HOME = new Words("Accueil", "Home");

    /** The pages that every page leads to. */
    private static final List<Place> PLACES = List.of(
            new Place("/quality", new Words("Qualité des données", "Quality of the data")),
            new Place("/changes", new Words("Changements", "Changes")),
            new Place("/mailboxes", new Words("Boîtes MSSanté", "MSSanté mailboxes")));

    private record Place(String path, Words name) {}

    private final Exchange exchange;
    private final Language language;
    private final StringBuilder content = new StringBuilder();

    Frame(Exchange exchange) {
        this.exchange = exchange;
        this.language = Language.of(exchange);
    }

    Language language() {
        return language;
    }

    String say(Words words) {
        return words.in(language);
    }

    /** Text in an element. */
    Frame add(String element, String text) {
        content.append('<').append(element).append('>').append(Html.escaped(text));
        content.append("</").append(element).append(">\n");
        return this;
    }

    /** A sentence of less weight. */
    Frame addNote(String text) {
        content.append("<p class=\"note\">").append(Html.escaped(text)).append("</p>\n");
        return this;
    }

    /** Markup whose texts are escaped already. */
    Frame addMarkup(String markup) {
        content.append(markup);
        return this;
    }

    /** A link to a path below this page's root. */
    String link(String path, String text) {
        return "<a href=\"" + Html.escaped(exchange.rootPath() + path) + "\">" + Html.escaped(text) + "</a>";
    }

    /** The same, of which there are several on a page that say the same: of what it is the one. */
    String link(String path, String text, String of) {
        return "<a href=\"" + Html.escaped(exchange.rootPath() + path) + "\" aria-label=\""
                + Html.escaped(text + ", " + of) + "\">" + Html.escaped(text) + "</a>";
    }

    /** One column of a table. */
    record Column(String name, boolean number) {
        static Column text(String name) {
            return new Column(name, false);
        }

        static Column number(String name) {
            return new Column(name, true);
        }
    }

    /** A table; its cells are markup, and the first of each row is its header. */
    Frame addTable(String caption, List<Column> columns, List<List<String>> rows) {
        content.append("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"")
                .append(Html.escaped(caption))
                .append("\"><table><caption>")
                .append(Html.escaped(caption))
                .append("</caption><thead><tr>");
        columns.forEach(column -> content.append("<th scope=\"col\"")
                .append(column.number() ? " class=\"n\">" : ">")
                .append(Html.escaped(column.name()))
                .append("</th>"));
        content.append("</tr></thead><tbody>\n");
        rows.forEach(row -> addRow(columns, row));
        content.append("</tbody></table></div>\n");
        return this;
    }

    private void addRow(List<Column> columns, List<String> row) {
        content.append("<tr>");
        for (int i = 0; i < row.size(); i++) {
            String element = i == 0 ? "th scope=\"row\"" : "td";
            content.append('<')
                    .append(element)
                    .append(columns.get(i).number() ? " class=\"n\">" : ">")
                    .append(row.get(i))
                    .append(i == 0 ? "</th>" : "</td>");
        }
        content.append("</tr>\n");
    }

    private List<QueryParameter> inLanguage(Language other) {
        List<QueryParameter> query = new ArrayList<>(exchange.query());
        query.removeIf(parameter -> parameter.name().equals(Language.PARAMETER));
        query.add(new QueryParameter(Language.PARAMETER, other.code()));
        return query;
    }

    /** Sends the page; the path below {@link Router#REPORTS} says where it stands. */
    void send(String title, @Nullable String path, HttpServletResponse response) throws IOException {
        StringBuilder html = new StringBuilder("<!doctype html>\n<html lang=\"" + language.code()
                + "\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>"
                + Html.escaped(title) + " – Miroir</title><style>" + STYLE
                + "</style></head><body>\n<a class=\"skip\" href=\"#main\">"
                + Html.escaped(say(SKIP)) + "</a><nav aria-label=\"Miroir\">" + link("/", say(HOME)));
        for (Place place : PLACES) {
            html.append(
                    place.path().equals(path)
                            ? "<span aria-current=\"page\">" + Html.escaped(say(place.name())) + "</span>"
                            : link(Router.REPORTS + place.path() + "?lang=" + language.code(), say(place.name())));
        }
        Language other = language == Language.FR ? Language.EN : Language.FR;
        html.append("<a class=\"lang\" hreflang=\"" + other.code() + "\" lang=\"" + other.code() + "\" href=\"?"
                        + Html.escaped(QueryParameter.encode(inLanguage(other))) + "\">"
                        + (other == Language.FR ? "Français" : "English") + "</a></nav>\n<main id=\"main\">")
                .append("<h1>")
                .append(Html.escaped(title))
                .append("</h1>\n")
                .append(content)
                .append("</main></body></html>\n");
        byte[] body = html.toString().getBytes(StandardCharsets.UTF_8);
        response.setHeader(
                SecurityHeaders.POLICY,
                SecurityHeaders.NOTHING.replace("form-action 'none'", "form-action 'self'")
                        + "; style-src 'unsafe-inline'");
        response.setHeader("Content-Language", language.code());
        response.addHeader("Vary", "Accept-Language");
        response.setContentType("text/html;charset=UTF-8");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
        exchange.wrote(body.length);
    }
}
