package miroir.sync.state;

import java.time.Duration;
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

    static Definition of(String name, BsonDocument document) {
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
