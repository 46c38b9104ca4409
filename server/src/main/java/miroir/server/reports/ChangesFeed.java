package miroir.server.reports;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import miroir.index.search.QueryParameter;
import miroir.server.directory.DirectoryResource;
import miroir.server.pages.Html;
import miroir.server.pages.Language;
import miroir.server.pages.Words;
import miroir.server.pipeline.Exchange;
import miroir.server.routing.Router;

/**
 * {@code /reports/changes.atom}: the same as the page, for readers of feeds (RFC 4287): an entry for each day, which leads to its rows. A day that is not counted
 * yet is left out until it is.
 */
record ChangesFeed(ReportParts parts, CountedDays countedDays) implements Report {
    private static final String MEDIA_TYPE = "application/atom+xml;charset=UTF-8";
    private static final Words TITLE = new Words("Changements de l’annuaire", "Changes of the directory");
    private static final Words OF = new Words("Changements du ", "Changes of ");
    private static final Words NOTHING = new Words("rien", "nothing");

    @Override
    public void answer(Exchange exchange, HttpServletResponse response) throws IOException {
        Given given = Given.of(exchange, ChangesPage.PARAMETERS);
        int days = given.number("days", ChangesPage.USUAL_DAYS, 1, CountedDays.MOST);
        Set<String> types = given.some("type", parts.served(DirectoryResource.TYPES));
        Language language = Language.of(exchange);
        List<DayCounts> counted = countedDays.last(exchange, days, types).stream()
                .map(CountedDays.Day::counts)
                .filter(Objects::nonNull)
                .toList();
        byte[] body = feed(exchange, language, types, counted).getBytes(StandardCharsets.UTF_8);
        response.setHeader("Content-Language", language.code());
        response.addHeader("Vary", "Accept-Language");
        response.setContentType(MEDIA_TYPE);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
        exchange.wrote(body.length);
    }

    private static String feed(Exchange exchange, Language language, Set<String> types, List<DayCounts> counted) {
        String root = exchange.root() + Router.REPORTS;
        String asked = exchange.query().isEmpty() ? "" : "?" + QueryParameter.encode(exchange.query());
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
                .append("<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"")
                .append(language.code())
                .append("\">\n");
        add(xml, "id", id(exchange, types, "feed"));
        add(xml, "title", TITLE.in(language));
        add(xml, "updated", updated(counted).toString());
        xml.append("<author><name>Miroir</name></author>\n");
        link(xml, "self", "application/atom+xml", root + "/changes.atom" + asked);
        link(xml, "alternate", "text/html", root + "/changes" + asked);
        counted.forEach(day -> addEntry(xml, exchange, language, types, day));
        return xml.append("</feed>\n").toString();
    }

    private static Instant updated(List<DayCounts> counted) {
        return counted.stream()
                .map(ChangesFeed::updated)
                .max(Instant::compareTo)
                .orElse(Instant.EPOCH);
    }

    /** Of the present day the hour: readers take what is updated for new, and it is at every moment. */
    private static Instant updated(DayCounts counts) {
        return counts.until().truncatedTo(ChronoUnit.HOURS);
    }

    private static void addEntry(
            StringBuilder xml, Exchange exchange, Language language, Set<String> types, DayCounts counts) {
        LocalDate day = counts.day();
        xml.append("<entry>\n");
        add(xml, "id", id(exchange, types, day.toString()));
        add(xml, "title", OF.in(language) + day);
        add(xml, "updated", updated(counts).toString());
        QueryParameter[] narrower = types.size() == DirectoryResource.TYPES.size()
                ? new QueryParameter[0]
                : new QueryParameter[] {new QueryParameter("type", String.join(",", types))};
        link(xml, "alternate", "text/csv", exchange.root() + ChangesPage.rowsOf(day, narrower));
        add(xml, "content", text(counts, language));
        xml.append("</entry>\n");
    }

    private static String text(DayCounts counts, Language language) {
        List<String> lines = new ArrayList<>();
        counts.ofTypes().forEach((type, kinds) -> {
            List<String> told = new ArrayList<>();
            kinds.forEach((kind, count) -> told.add(kind.words().in(language) + " " + count));
            lines.add(type + ": " + String.join(", ", told));
        });
        return lines.isEmpty() ? NOTHING.in(language) : String.join("\n", lines);
    }

    /** The same for as long as this server is reached under the same base: what it was for a day it stays. */
    private static String id(Exchange exchange, Set<String> types, String of) {
        String name = exchange.base() + " changes " + String.join(",", types) + " " + of;
        return "urn:uuid:" + UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    }

    private static void add(StringBuilder xml, String element, String text) {
        xml.append('<')
                .append(element)
                .append('>')
                .append(Html.escaped(text))
                .append("</")
                .append(element)
                .append(">\n");
    }

    private static void link(StringBuilder xml, String relation, String type, String url) {
        xml.append("<link rel=\"" + relation + "\" type=\"" + type + "\" href=\"" + Html.escaped(url) + "\"/>\n");
    }
}
