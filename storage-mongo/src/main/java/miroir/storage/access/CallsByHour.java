package miroir.storage.access;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.conversions.Bson;

/**
 * How often something was called in each of the last hours, in the document that says when it was called last. Of each hour there is a place, which is used again a day later: it
 * has the hour that it is of beside the number, so nobody has to empty it, and the document does not grow. Many processes add to it, each by one update.
 */
final class CallsByHour {
    /** When it was called last. */
    static final String LAST = "last";

    private static final String ALL = "calls";
    private static final String HOURS = "hours";
    private static final String HOUR = "hour";
    private static final int A_DAY = 24;

    private final long hour;

    private CallsByHour(long hour) {
        this.hour = hour;
    }

    /** Until that instant. */
    static CallsByHour of(Instant now) {
        return new CallsByHour(now.toEpochMilli() / Duration.ofHours(1).toMillis());
    }

    private static String place(long hour) {
        return HOURS + ".h" + hour % A_DAY;
    }

    /** An update that adds so many calls of this hour. */
    List<Bson> adding(long calls) {
        String place = place(hour);
        BsonDocument before = new BsonDocument(
                "$cond",
                array(
                        new BsonDocument("$eq", array(field(place + "." + HOUR), new BsonInt64(hour))),
                        field(place + "." + ALL),
                        new BsonInt64(0)));
        BsonDocument next =
                new BsonDocument(HOUR, new BsonInt64(hour)).append(ALL, new BsonDocument("$add", array(before, calls)));
        BsonDocument everBefore = new BsonDocument("$ifNull", array(field(ALL), new BsonInt64(0)));
        return List.of(new BsonDocument(
                "$set",
                new BsonDocument(LAST, new BsonString("$$NOW"))
                        .append(ALL, new BsonDocument("$add", array(everBefore, calls)))
                        .append(place, next)));
    }

    /** How many there were in this hour and the 23 before it. */
    long ofADay(BsonDocument document) {
        return LongStream.range(hour - A_DAY + 1, hour + 1)
                .map(each -> of(each, document))
                .sum();
    }

    private static long of(long hour, BsonDocument document) {
        BsonDocument found = document.getDocument(HOURS, new BsonDocument())
                .getDocument("h" + hour % A_DAY, new BsonDocument(HOUR, new BsonInt64(-1)));
        return found.getNumber(HOUR).longValue() == hour ? found.getNumber(ALL).longValue() : 0;
    }

    private static BsonString field(String path) {
        return new BsonString("$" + path);
    }

    private static BsonArray array(BsonValue first, long second) {
        return array(first, new BsonInt64(second));
    }

    private static BsonArray array(BsonValue... all) {
        return new BsonArray(List.of(all));
    }
}
