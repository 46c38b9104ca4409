package miroir.server.console;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import miroir.index.search.QueryParameter;
import miroir.server.pages.Language;

/**
 * Which notes are asked for, as a browser sends it: what was left empty asks for nothing, and times are those of the clock on the wall.
 *
 * @param query as {@code /admin/api/audit} has it
 * @param zone of the clock
 */
record AuditForm(List<QueryParameter> query, ZoneId zone) {
    static final String AFTER = "after";

    /** Of which browsers show a clock. */
    private static final List<String> TIMES = List.of("from", "to");

    AuditForm {
        query = List.copyOf(query);
    }

    static AuditForm of(List<QueryParameter> sent, ZoneId zone) {
        return new AuditForm(
                sent.stream()
                        .filter(each -> !each.name().equals(Language.PARAMETER))
                        .map(each ->
                                new QueryParameter(each.name(), each.value().strip()))
                        .filter(each -> !each.value().isEmpty())
                        .map(each -> TIMES.contains(each.name())
                                ? new QueryParameter(each.name(), instant(each.value(), zone))
                                : each)
                        .toList(),
                zone);
    }

    /** What is no time of the clock may be one with its zone; what is neither is refused by what reads it. */
    private static String instant(String value, ZoneId zone) {
        try {
            return LocalDateTime.parse(value).atZone(zone).toInstant().toString();
        } catch (DateTimeException otherwise) {
            return value;
        }
    }

    /** What was typed into a field. */
    String value(String name) {
        String value = ConsolePages.value(query, name);
        try {
            return TIMES.contains(name) && !value.isEmpty()
                    ? LocalDateTime.ofInstant(Instant.parse(value), zone)
                            .truncatedTo(ChronoUnit.SECONDS)
                            .toString()
                    : value;
        } catch (DateTimeException otherwise) {
            return value;
        }
    }

    /** The same with that instead, on the first page unless it says which. */
    String link(Map<String, String> others) {
        Map<String, String> values = new LinkedHashMap<>();
        query.forEach(each -> values.putIfAbsent(each.name(), each.value()));
        values.remove(AFTER);
        values.putAll(others);
        List<QueryParameter> asked = new ArrayList<>();
        values.forEach((name, value) -> asked.add(new QueryParameter(name, value)));
        return asked.isEmpty() ? "" : "?" + QueryParameter.encode(asked);
    }

    /** The same question on the first page. */
    String first() {
        return link(Map.of());
    }

    boolean isFirst() {
        return ConsolePages.value(query, AFTER).isEmpty();
    }
}
