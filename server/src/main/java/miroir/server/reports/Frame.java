package miroir.server.reports;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.List;
import miroir.index.store.ResourceKey;
import miroir.server.console.Pages;
import miroir.server.pages.Html;
import miroir.server.pages.Language;
import miroir.server.pages.Words;
import miroir.server.pipeline.Exchange;

/** The elements that reports are made of. All text is escaped here. */
final class Frame {
    private final Exchange exchange;
    private final Pages pages;
    private final Language language;
    private final StringBuilder content = new StringBuilder();

    Frame(Exchange exchange, Pages pages) {
        this.exchange = exchange;
        this.pages = pages;
        this.language = Language.of(exchange);
    }

    Language language() {
        return language;
    }

    String say(Words words) {
        return words.in(language);
    }

    /** A day as people write it. */
    String day(LocalDate day) {
        return DateTimeFormatter.ofLocalizedDate(FormatStyle.MEDIUM)
                .withLocale(language.locale())
                .format(day);
    }

    /** What people call a type. */
    String type(String type) {
        return pages.type(exchange, type);
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

    /** A link to where a resource is read. */
    String link(ResourceKey key) {
        return "<a href=\"" + Html.escaped(pages.resource(exchange, key)) + "\">" + Html.escaped(key.toString())
                + "</a>";
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

    /** Sends the page. */
    void send(String title, HttpServletResponse response) throws IOException {
        pages.send(exchange, title, content.toString(), response);
    }
}
