package miroir.index.search;

import java.time.Instant;
import java.time.ZoneId;
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
        Prefix prefix = Prefix.of(value, "a date such as 2024-02-29");
        DateInterval interval = DateInterval.parse(Prefix.stripped(value), zone);
        return expression.of(prefix, prefix == Prefix.AP ? widened(interval) : interval);
    }

    /** By a tenth of the time between now and the nearer end, on both sides; nothing where now is inside. */
    private DateInterval widened(DateInterval interval) {
        long distance = Math.max(0, Math.max(interval.start() - now, now - interval.end()));
        return new DateInterval(interval.start() - distance / 10, interval.end() + distance / 10);
    }

    private interface Expression {
        SearchExpression of(Prefix prefix, DateInterval interval);
    }
}
