package miroir.server.reports;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import miroir.index.Refusal;
import miroir.index.value.DateInterval;

/**
 * Which changes are asked for.
 *
 * @param since the first instant
 * @param until the last one, which may be in the future
 */
record ChangesQuestion(Instant since, Instant until, Set<String> types, Set<ChangeKind> kinds) {
    /** The instant that an answer ended at is the database's, and may be asked for at once. */
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);

    static final List<String> PARAMETERS = List.of("since", "until", "type", "kind");

    private static final Duration USUAL = Duration.ofHours(24);
    private static final Duration LONGEST = Duration.ofDays(92);
    private static final Set<String> KINDS =
            Arrays.stream(ChangeKind.values()).map(ChangeKind::name).collect(Collectors.toUnmodifiableSet());

    static ChangesQuestion of(Given given, Set<String> served, ZoneId zone, Instant now) {
        DateInterval last = given.read("until", text -> DateInterval.parse(text, zone));
        Instant until = last == null ? now : Instant.ofEpochMilli(last.end());
        Instant end = until.isAfter(now) ? now : until;
        DateInterval first = given.read("since", text -> DateInterval.parse(text, zone));
        Instant since = first == null ? end.minus(USUAL) : Instant.ofEpochMilli(first.start());
        check(given, since, until, now);
        if (Duration.between(since, end).compareTo(LONGEST) > 0) {
            throw Given.invalid("since=" + Refusal.shown(String.valueOf(given.get("since"))) + " is too long ago: "
                    + LONGEST.toDays() + " days are told at once; with until, others before them");
        }
        return new ChangesQuestion(
                since,
                until,
                given.some("type", served),
                given.some("kind", KINDS).stream().map(ChangeKind::valueOf).collect(Collectors.toUnmodifiableSet()));
    }

    private static void check(Given given, Instant since, Instant until, Instant now) {
        if (since.isAfter(now.plus(CLOCKS_DIFFER))) {
            throw Given.invalid("since=" + Refusal.shown(String.valueOf(given.get("since")))
                    + " is in the future; allowed is up to now, " + now);
        }
        if (until.isBefore(since)) {
            throw Given.invalid(
                    "until=" + Refusal.shown(String.valueOf(given.get("until"))) + " is before since, " + since);
        }
    }
}
