package miroir.storage.sync;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import org.bson.BsonDocument;

/**
 * One source, one type, and what is to be copied how often.
 *
 * @param name what its resources are owned by: {@code source/Type}, with a third part where there are several
 * @param filter search parameters that narrow it, such as {@code qualification-code=10}; empty: all
 * @param schedule when it runs: see {@link Schedule}
 * @param fullEvery how long a full pass may be ago
 * @param overlap how much earlier than the last mark a delta begins
 * @param guard which share of its resources a sweep may remove unasked
 * @param rejects which share of what it receives may be rejected
 * @param priority those with less come first
 */
public record Definition(
        String name,
        String source,
        String type,
        String filter,
        Schedule schedule,
        Duration fullEvery,
        Duration overlap,
        double guard,
        double rejects,
        int priority) {
    private static final Set<String> OURS = Set.of("_id", "_lastUpdated", "_count", "_total", "_page");

    /** Everything of a type, daily, with the usual limits. */
    public static Definition of(String source, String type) {
        return new Definition(
                source + "/" + type,
                source,
                type,
                "",
                new Schedule.Every(Duration.ofDays(1)),
                Duration.ofDays(7),
                Duration.ofMinutes(10),
                0.05,
                0.01,
                10);
    }

    /** The search that this selects, narrowed further. */
    public String query(String narrowed) {
        return filter.isEmpty() || narrowed.isEmpty() ? filter + narrowed : filter + "&" + narrowed;
    }

    /** Whether another part may be added to a name, to tell apart what copies parts of a type. */
    public static boolean isPart(String part) {
        return part.matches("[a-z0-9-]{1,40}");
    }

    /**
     * The same filter, which becomes part of URLs as it is, beside parameters of our own.
     *
     * @throws IllegalArgumentException where it cannot
     */
    public static String checkedFilter(String filter) {
        if (!filter.matches("([A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})+")) {
            throw new IllegalArgumentException("the filter \"" + filter
                    + "\" is not written as in a URL; there it is \"" + escaped(filter) + "\"");
        }
        for (String parameter : filter.split("&", -1)) {
            String name = parameter.split("[=:]", 2)[0];
            if (OURS.contains(name)) {
                throw new IllegalArgumentException(
                        "the filter \"" + filter + "\" has " + name + ", which the synchronisation asks with itself");
            }
        }
        return filter;
    }

    private static String escaped(String filter) {
        StringBuilder escaped = new StringBuilder();
        for (byte each : filter.getBytes(StandardCharsets.UTF_8)) {
            String character = String.valueOf((char) each);
            boolean legal = each > 0 && character.matches("[A-Za-z0-9._~!$&'()*+,;=:@/?%-]");
            escaped.append(legal ? character : String.format(Locale.ROOT, "%%%02X", each));
        }
        return escaped.toString();
    }

    /** By which whoever changes it shows what he has seen. */
    public long version() {
        return Fields.version(document());
    }

    BsonDocument document() {
        return new Fields()
                .text("source", source)
                .text("type", type)
                .text("filter", filter)
                .text("schedule", schedule.text())
                .number("fullEvery", fullEvery.toMillis())
                .number("overlap", overlap.toMillis())
                .fraction("guard", guard)
                .fraction("rejects", rejects)
                .number("priority", priority)
                .document();
    }

    /** The one that is written down. */
    public static Definition of(String name, BsonDocument document) {
        return new Definition(
                name,
                Fields.text(document, "source", ""),
                Fields.text(document, "type", ""),
                Fields.text(document, "filter", ""),
                Schedule.parse(Fields.text(document, "schedule", "24h")),
                Duration.ofMillis(Fields.number(document, "fullEvery")),
                Duration.ofMillis(Fields.number(document, "overlap")),
                Fields.fraction(document, "guard", 0.05),
                Fields.fraction(document, "rejects", 0.01),
                (int) Fields.number(document, "priority"));
    }
}
