package miroir.index.extract;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import miroir.index.store.ResourceKey;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;

/** What every version has: {@code t_fid}, {@code t_id}, {@code t_lastupdated} and its truncations. */
final class VersionFields {
    private VersionFields() {}

    static void write(ResourceKey key, Instant from, ZoneId zone, BsonDocument fields) {
        fields.append("t_fid", new BsonString(key.toString()));
        fields.append("t_id", new BsonString(key.id()));
        ZonedDateTime local = from.atZone(zone);
        LocalDate day = local.toLocalDate();
        append(fields, "", from);
        append(fields, "-second", from.truncatedTo(ChronoUnit.SECONDS));
        append(fields, "-minute", local.truncatedTo(ChronoUnit.MINUTES).toInstant());
        append(fields, "-date", start(day, zone));
        append(fields, "-month", start(day.withDayOfMonth(1), zone));
        append(fields, "-year", start(day.withDayOfYear(1), zone));
    }

    private static Instant start(LocalDate day, ZoneId zone) {
        return day.atStartOfDay(zone).toInstant();
    }

    private static void append(BsonDocument fields, String suffix, Instant instant) {
        fields.append("t_lastupdated" + suffix, new BsonInt64(instant.toEpochMilli()));
    }
}
