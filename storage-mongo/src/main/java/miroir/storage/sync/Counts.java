package miroir.storage.sync;

import java.util.LinkedHashMap;
import java.util.Map;
import miroir.storage.Ingested;
import org.bson.BsonDocument;
import org.bson.BsonInt64;

/**
 * What a run did.
 *
 * @param retries calls for pages that were made again
 * @param received resources that arrived, repeated ones included
 * @param unchanged those that had this content already
 * @param deactivated those of the updated that were active before, and are not any more
 * @param older those that are here with newer content
 * @param removed those that the upstream has no more
 * @param rejected those that cannot be stored
 * @param erased those that were erased here for data protection and are not brought back
 * @param restarts how often a window was read again from its start
 */
public record Counts(
        long pages,
        long bytes,
        long retries,
        long received,
        long created,
        long updated,
        long deactivated,
        long unchanged,
        long older,
        long removed,
        long rejected,
        long erased,
        long restarts) {

    public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** Both together. */
    public Counts and(Counts other) {
        return new Counts(
                pages + other.pages,
                bytes + other.bytes,
                retries + other.retries,
                received + other.received,
                created + other.created,
                updated + other.updated,
                deactivated + other.deactivated,
                unchanged + other.unchanged,
                older + other.older,
                removed + other.removed,
                rejected + other.rejected,
                erased + other.erased,
                restarts + other.restarts);
    }

    /** One answer of so many bytes, after so many calls that failed. */
    public static Counts page(long bytes, long retries) {
        return new Counts(1, bytes, retries, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    /** So many calls that were made again, and of which nothing came. */
    public static Counts retries(long retries) {
        return new Counts(0, 0, retries, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    /** What became of so many resources that arrived. */
    public static Counts taken(long received, Ingested ingested, long rejected, long erased) {
        return new Counts(
                0,
                0,
                0,
                received,
                ingested.created(),
                ingested.updated(),
                ingested.deactivated(),
                ingested.unchanged(),
                ingested.older(),
                ingested.removed(),
                rejected,
                erased,
                0);
    }

    /** So many that the upstream has no more. */
    public static Counts removed(long removed) {
        return new Counts(0, 0, 0, 0, 0, 0, 0, 0, 0, removed, 0, 0, 0);
    }

    /** One window that has to be read again. */
    public static Counts restart() {
        return new Counts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
    }

    /** Whether anything here is not as it was, or not as it is there. */
    boolean isQuiet() {
        return created + updated + removed + rejected == 0;
    }

    /** By name, in order. */
    public Map<String, Long> byName() {
        Map<String, Long> named = new LinkedHashMap<>();
        named.put("pages", pages);
        named.put("bytes", bytes);
        named.put("retries", retries);
        named.put("received", received);
        named.put("created", created);
        named.put("updated", updated);
        named.put("deactivated", deactivated);
        named.put("unchanged", unchanged);
        named.put("older", older);
        named.put("removed", removed);
        named.put("rejected", rejected);
        named.put("erased", erased);
        named.put("restarts", restarts);
        return named;
    }

    BsonDocument document() {
        BsonDocument document = new BsonDocument();
        byName().forEach((name, count) -> document.append(name, new BsonInt64(count)));
        return document;
    }

    static Counts of(BsonDocument document) {
        return new Counts(
                Fields.number(document, "pages"),
                Fields.number(document, "bytes"),
                Fields.number(document, "retries"),
                Fields.number(document, "received"),
                Fields.number(document, "created"),
                Fields.number(document, "updated"),
                Fields.number(document, "deactivated"),
                Fields.number(document, "unchanged"),
                Fields.number(document, "older"),
                Fields.number(document, "removed"),
                Fields.number(document, "rejected"),
                Fields.number(document, "erased"),
                Fields.number(document, "restarts"));
    }

    /** One sentence. */
    @Override
    public String toString() {
        return received + " received: " + created + " created, " + updated + " updated"
                + where(deactivated, "of them deactivated")
                + ", " + unchanged + " unchanged" + where(older, "older") + "; " + removed + " removed, " + rejected
                + " rejected" + where(erased, "erased") + where(retries, "retries") + where(restarts, "restarts");
    }

    private static String where(long count, String what) {
        return count > 0 ? ", " + count + " " + what : "";
    }
}
