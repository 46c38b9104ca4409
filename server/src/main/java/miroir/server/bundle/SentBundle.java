package miroir.server.bundle;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import miroir.index.Refusal;
import miroir.index.xml.ReadBundle;
import org.bson.BsonArray;
import org.bson.BsonBinaryReader;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonType;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.jspecify.annotations.Nullable;

/**
 * A batch or a transaction as it was sent.
 *
 * @param isTransaction whether all of it is to be done, or nothing
 */
public record SentBundle(boolean isTransaction, List<BundleEntry> entries) {
    private static final int MOST_OF_A_URL = 2000;

    private static final Map<String, String> CONDITIONS = Map.of(
            "ifMatch", "If-Match",
            "ifNoneMatch", "If-None-Match",
            "ifNoneExist", "If-None-Exist");

    public SentBundle {
        entries = List.copyOf(entries);
    }

    /**
     * The bundle without the resources of its entries, whose structure is checked each for itself. They are not looked at: what they are made of would
     * take many times their bytes.
     */
    public static RawBsonDocument withoutResources(RawBsonDocument bundle) {
        BsonDocument rest = new BsonDocument();
        for (String name : names(bundle)) {
            BsonValue value = bundle.get(name);
            rest.put(
                    name,
                    value instanceof BsonArray array
                            ? new BsonArray(array.stream()
                                    .map(one -> name.equals("entry") ? withoutResource(one) : one)
                                    .toList())
                            : value);
        }
        return new RawBsonDocument(rest, new BsonDocumentCodec());
    }

    private static BsonValue withoutResource(BsonValue entry) {
        if (!(entry instanceof RawBsonDocument raw) || !isDocument(raw.get("resource"))) {
            return entry;
        }
        BsonDocument rest = new BsonDocument();
        // An entry must not be empty; that it has a resource stands in for one.
        rest.put("fullUrl", new BsonString("urn:resource"));
        names(raw).stream().filter(name -> !name.equals("resource")).forEach(name -> rest.put(name, raw.get(name)));
        return rest;
    }

    private static List<String> names(RawBsonDocument document) {
        List<String> names = new ArrayList<>();
        try (BsonBinaryReader reader =
                new BsonBinaryReader(document.getByteBuffer().asNIO())) {
            reader.readStartDocument();
            while (reader.readBsonType() != BsonType.END_OF_DOCUMENT) {
                names.add(reader.readName());
                reader.skipValue();
            }
        }
        return names;
    }

    private static boolean isDocument(@Nullable BsonValue value) {
        return value != null && value.isDocument();
    }

    /**
     * Reads one whose structure is right but for that of the resources in it.
     *
     * @param most so many entries are allowed
     */
    public static SentBundle read(ReadBundle sent, int most) {
        RawBsonDocument bundle = sent.bundle();
        boolean isTransaction = isTransaction(bundle);
        List<BundleEntry> entries = new ArrayList<>();
        if (bundle.get("entry") instanceof BsonArray array) {
            if (array.size() > most) {
                throw new Refusal(
                        Refusal.Reason.TOO_LARGE,
                        "the bundle has " + array.size() + " entries; allowed are " + most
                                + " (limits.entries in server.yaml)",
                        "Bundle.entry");
            }
            array.forEach(entry -> entries.add(
                    entry(entries.size(), entry.asDocument(), sent.faults().get(entries.size()))));
        }
        return new SentBundle(isTransaction, entries);
    }

    private static boolean isTransaction(RawBsonDocument bundle) {
        String type = text(bundle, "type");
        return switch (type) {
            case "batch" -> false;
            case "transaction" -> true;
            case "history" ->
                throw new Refusal(
                        Refusal.Reason.INVALID,
                        "a Bundle of the type \"history\" is not replayed: its versions have the numbers and instants of the"
                                + " server that made them; allowed: batch, transaction, with what is to be current",
                        "Bundle.type");
            default ->
                throw new Refusal(
                        Refusal.Reason.INVALID,
                        "a Bundle of the type \"" + type + "\" is not worked off; allowed: batch, transaction",
                        "Bundle.type");
        };
    }

    private static BundleEntry entry(int index, BsonDocument entry, @Nullable Refusal fault) {
        BsonDocument request = entry.get("request") instanceof BsonDocument found ? found : new BsonDocument();
        return new BundleEntry(
                index,
                fullUrl(index, entry),
                text(request, "method"),
                text(request, "url"),
                conditions(request),
                entry.get("resource") instanceof BsonDocument resource ? copy(resource) : null,
                fault);
    }

    /** It is put before each relative reference of its entry. */
    private static String fullUrl(int index, BsonDocument entry) {
        String fullUrl = text(entry, "fullUrl");
        if (fullUrl.length() > MOST_OF_A_URL) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "the fullUrl of entry[" + index + "] has " + fullUrl.length() + " characters; allowed are "
                            + MOST_OF_A_URL,
                    "Bundle.entry[" + index + "].fullUrl");
        }
        return fullUrl;
    }

    /** Bytes of its own: what is stored of it must not keep all of the bundle. */
    private static RawBsonDocument copy(BsonDocument resource) {
        if (resource instanceof RawBsonDocument raw) {
            ByteBuffer bytes = raw.getByteBuffer().asNIO();
            byte[] own = new byte[bytes.remaining()];
            bytes.get(own);
            return new RawBsonDocument(own);
        }
        return new RawBsonDocument(resource, new BsonDocumentCodec());
    }

    private static Map<String, String> conditions(BsonDocument request) {
        Map<String, String> conditions = new LinkedHashMap<>();
        CONDITIONS.forEach((name, header) -> {
            if (request.containsKey(name)) {
                conditions.put(header, text(request, name));
            }
        });
        if (request.containsKey("ifModifiedSince")) {
            conditions.put("If-Modified-Since", httpDate(text(request, "ifModifiedSince")));
        }
        return conditions;
    }

    /** HTTP has whole seconds. */
    private static String httpDate(String instant) {
        try {
            Instant since = OffsetDateTime.parse(instant).toInstant();
            return DateTimeFormatter.RFC_1123_DATE_TIME.format(since.atZone(ZoneOffset.UTC));
        } catch (DateTimeParseException e) {
            return instant;
        }
    }

    private static String text(BsonDocument document, String name) {
        BsonValue value = document.get(name);
        return value != null && value.isString() ? value.asString().getValue() : "";
    }
}
