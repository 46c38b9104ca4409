package miroir.server.export;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import miroir.index.json.ResourceWriter;
import miroir.index.json.Utf8Buffer;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;

/** Writes what a complete export has: its files, with the number of their lines, and as of when it is. */
final class WriteManifest {
    static final String WARNINGS = "warnings.ndjson";

    private static final DateTimeFormatter INSTANT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);

    private WriteManifest() {}

    /**
     * Writes one.
     *
     * @param url of the export, below which its files are
     * @param uncounted types of which something was erased since it was counted; how many there are is left out
     */
    static Utf8Buffer of(Export export, String url, Set<String> uncounted) {
        Asked asked = export.asked();
        BsonDocument manifest = new BsonDocument("transactionTime", new BsonString(INSTANT.format(asked.asOf())))
                .append("request", new BsonString(asked.request()))
                .append("requiresAccessToken", BsonBoolean.valueOf(asked.byToken()))
                .append("output", files(export, ExportFile.Kind.RESOURCES, url, uncounted))
                .append("deleted", files(export, ExportFile.Kind.DELETIONS, url, uncounted))
                .append("error", warnings(asked, url));
        Utf8Buffer out = new Utf8Buffer(1 << 12);
        ResourceWriter.write(new RawBsonDocument(manifest, new BsonDocumentCodec()), out, true);
        out.putByte('\n');
        return out;
    }

    private static BsonArray files(Export export, ExportFile.Kind kind, String url, Set<String> uncounted) {
        BsonArray files = new BsonArray();
        for (ExportFile file : export.files()) {
            if (file.kind() == kind) {
                BsonDocument shown = file(kind == ExportFile.Kind.RESOURCES ? file.type() : "Bundle", url, file.name());
                files.add(uncounted.contains(file.type()) ? shown : shown.append("count", new BsonInt64(file.count())));
            }
        }
        return files;
    }

    private static BsonArray warnings(Asked asked, String url) {
        BsonArray files = new BsonArray();
        if (!asked.warnings().isEmpty()) {
            files.add(file("OperationOutcome", url, WARNINGS)
                    .append("count", new BsonInt64(asked.warnings().size())));
        }
        return files;
    }

    private static BsonDocument file(String type, String url, String name) {
        return new BsonDocument("type", new BsonString(type)).append("url", new BsonString(url + "/" + name));
    }
}
