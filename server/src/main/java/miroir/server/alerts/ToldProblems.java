package miroir.server.alerts;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import miroir.storage.ledger.Change;
import miroir.storage.ledger.Lease;
import miroir.storage.ledger.Ledger;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;

/**
 * What was told on a channel, in the database: whoever watches next, or after a restart, goes on from there.
 *
 * <p>A problem is told when it is seen for the second time, so that what mends itself within a minute wakes nobody; then once in
 * a while for as long as it lasts; and that it is over is told to whoever was told that it began. It is written down as told once it has been
 * sent. Who dies between the two tells it again.
 */
final class ToldProblems {
    static final String COLLECTION = "miroir_alerts";

    private static final int MOST = 1_000;

    private final Ledger ledger;
    private final @Nullable Duration repeat;

    /**
     * In that ledger.
     *
     * @param repeat after how long what lasts is told again; null: never
     */
    ToldProblems(Ledger ledger, @Nullable Duration repeat) {
        this.ledger = ledger;
        this.repeat = repeat;
    }

    void prepare() {
        ledger.makeSure(COLLECTION);
    }

    /** What there was when somebody looked last, which may have been another server, or this one before a restart. */
    Set<Kind> held() {
        return ledger.list(COLLECTION, new BsonDocument(), "since", MOST).stream()
                .flatMap(each -> kind(each).stream())
                .collect(Collectors.toSet());
    }

    /** What is to be told now. */
    Announcement due(String channel, Found found, String server, Instant now) {
        Map<String, BsonDocument> known = known(channel, found);
        List<Standing> begun = new ArrayList<>();
        List<Standing> lasting = new ArrayList<>();
        for (Problem each : found.problems()) {
            BsonDocument before = known.remove(id(channel, each));
            if (before == null) {
                continue;
            }
            Standing standing = new Standing(each, instant(before, "since"));
            if (!before.containsKey("told")) {
                begun.add(standing);
            } else if (isDueAgain(instant(before, "told"), now)) {
                lasting.add(standing);
            }
        }
        List<Standing> over = known.values().stream()
                .filter(before -> before.containsKey("told"))
                .flatMap(before -> standing(before).stream())
                .toList();
        return new Announcement(server, now, begun, lasting, over);
    }

    /** Whether what was told then is to be told again. */
    boolean isDueAgain(Instant told, Instant now) {
        return repeat != null && !now.isBefore(told.plus(repeat));
    }

    /** Writes down what is there, and what was told of it. */
    void write(Lease lease, String channel, Found found, Announcement told, Instant now) {
        Map<String, BsonDocument> known = known(channel, found);
        List<Change> changes = new ArrayList<>();
        for (Problem each : found.problems()) {
            if (known.remove(id(channel, each)) == null) {
                changes.add(Change.set(COLLECTION, id(channel, each), document(channel, each, now)));
            }
        }
        for (List<Standing> some : List.of(told.begun(), told.lasting())) {
            some.forEach(each -> changes.add(
                    Change.set(COLLECTION, id(channel, each.problem()), new BsonDocument("told", date(now)))));
        }
        known.keySet().forEach(id -> changes.add(Change.remove(COLLECTION, id)));
        if (!changes.isEmpty()) {
            ledger.change(lease, changes);
        }
    }

    /** What was written down, but for that of which nobody knows whether it is still so. */
    private Map<String, BsonDocument> known(String channel, Found found) {
        Map<String, BsonDocument> known = new HashMap<>();
        ledger.list(COLLECTION, new BsonDocument("channel", new BsonString(channel)), "since", MOST)
                .forEach(each -> known.put(each.getString("_id").getValue(), each));
        known.values()
                .removeIf(each -> kind(each).filter(found.unknown()::contains).isPresent());
        return known;
    }

    private static String id(String channel, Problem problem) {
        return channel + ":" + problem.key();
    }

    private static BsonDocument document(String channel, Problem problem, Instant since) {
        return new BsonDocument("channel", new BsonString(channel))
                .append("kind", new BsonString(problem.kind().name()))
                .append("subject", new BsonString(problem.subject()))
                .append("detail", new BsonString(problem.detail()))
                .append("since", date(since));
    }

    /** Empty where a later version wrote it: of what this one does not know it can say nothing, and forgets it. */
    private static Optional<Standing> standing(BsonDocument document) {
        return kind(document)
                .map(kind -> new Problem(
                        kind,
                        document.getString("subject").getValue(),
                        document.getString("detail").getValue()))
                .map(problem -> new Standing(problem, instant(document, "since")));
    }

    private static Optional<Kind> kind(BsonDocument document) {
        return Kind.find(document.getString("kind").getValue());
    }

    private static Instant instant(BsonDocument document, String field) {
        return Instant.ofEpochMilli(document.getDateTime(field).getValue());
    }

    private static BsonDateTime date(Instant instant) {
        return new BsonDateTime(instant.toEpochMilli());
    }
}
