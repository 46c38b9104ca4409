package miroir.index.search;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;
import miroir.index.Refusal;
import miroir.index.SearchParameter;
import miroir.index.value.DateInterval;
import org.jspecify.annotations.Nullable;

/** Reads dates and their prefixes. */
final class DateClauses {
    private final ZoneId zone;
    private final long now;

    DateClauses(ZoneId zone, Instant now) {
        this.zone = zone;
        this.now = now.toEpochMilli();
    }

    @Nullable
    Clause of(SearchParameter parameter, @Nullable String modifier) {
        if (modifier == null) {
            return Clause.of(
                    value -> read(value, (prefix, interval) -> new SearchExpression.Date(parameter, prefix, interval)));
        }
        return modifier.equals(Modifiers.MISSING)
                ? Clause.missing(missing -> new SearchExpression.Missing(parameter, missing))
                : null;
    }

    /** Reads {@code _lastUpdated}. */
    SearchExpression lastUpdated(String value) {
        return read(value, SearchExpression.LastUpdated::new);
    }

    private SearchExpression read(String escaped, Expression expression) {
        String value = EscapedText.unescape(escaped);
        if (!startsWithLetter(value)) {
            return expression.of(DatePrefix.EQ, DateInterval.parse(value, zone));
        }
        DatePrefix prefix = prefix(value);
        DateInterval interval = DateInterval.parse(value.substring(2), zone);
        return expression.of(prefix, prefix == DatePrefix.AP ? widened(interval) : interval);
    }

    private static boolean startsWithLetter(String value) {
        return !value.isEmpty() && Character.isLetter(value.charAt(0));
    }

    private static DatePrefix prefix(String value) {
        String start = value.substring(0, Math.min(2, value.length()));
        for (DatePrefix prefix : DatePrefix.values()) {
            if (prefix.code().equals(start)) {
                return prefix;
            }
        }
        throw new Refusal(
                Refusal.Reason.INVALID,
                "\"" + value + "\" starts with a prefix that does not exist; allowed are " + DatePrefix.ALL
                        + " in lower case, or none, in front of a date such as 2024-02-29"
                        + (isUpperCase(start) ? "; did you mean \"" + start.toLowerCase(Locale.ROOT) + "\"?" : ""));
    }

    private static boolean isUpperCase(String start) {
        return DatePrefix.ALL.contains(start.toLowerCase(Locale.ROOT));
    }

    /** By a tenth of the time between now and the nearer end, on both sides; nothing where now is inside. */
    private DateInterval widened(DateInterval interval) {
        long distance = Math.max(0, Math.max(interval.start() - now, now - interval.end()));
        return new DateInterval(interval.start() - distance / 10, interval.end() + distance / 10);
    }

    private interface Expression {
        SearchExpression of(DatePrefix prefix, DateInterval interval);
    }
}
