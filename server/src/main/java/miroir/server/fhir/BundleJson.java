package miroir.server.fhir;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import miroir.index.json.ResourceWriter;
import miroir.index.json.Utf8Buffer;
import miroir.index.store.ResourceVersion;
import miroir.server.failure.Failure;
import miroir.server.failure.OutcomeJson;
import org.bson.RawBsonDocument;

/** Writes a bundle, straight from stored BSON. */
final class BundleJson {
    /** In UTC: it is copied into {@code _since}, and the plus sign of an offset would have to be escaped there. */
    private static final DateTimeFormatter INSTANT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);

    private final Answer.Bundle bundle;
    private final Utf8Buffer out;

    private BundleJson(Answer.Bundle bundle, Utf8Buffer out) {
        this.bundle = bundle;
        this.out = out;
    }

    static void write(Answer.Bundle bundle, Utf8Buffer out) {
        new BundleJson(bundle, out).write();
    }

    private void write() {
        out.putAscii("{\"resourceType\":\"Bundle\",\"id\":\"" + bundle.id() + "\"");
        Instant asOf = bundle.asOf();
        if (asOf != null) {
            out.putAscii(",\"meta\":{\"lastUpdated\":\"" + INSTANT.format(asOf) + "\"}");
        }
        out.putAscii(",\"type\":\"" + bundle.type().name().toLowerCase(Locale.ROOT) + "\"");
        Long total = bundle.total();
        if (total != null) {
            out.putAscii(",\"total\":");
            out.putLong(total);
        }
        writeLinks();
        if (!bundle.entries().isEmpty()) {
            writeEntries();
        }
        out.putByte('}');
    }

    private void writeLinks() {
        out.putAscii(",\"link\":[");
        List<Answer.Link> links = bundle.links();
        for (int i = 0; i < links.size(); i++) {
            out.putAscii(i == 0 ? "{\"relation\":" : ",{\"relation\":");
            out.putQuoted(links.get(i).relation());
            out.putAscii(",\"url\":");
            out.putQuoted(links.get(i).url());
            out.putByte('}');
        }
        out.putByte(']');
    }

    private void writeEntries() {
        out.putAscii(",\"entry\":[");
        for (int i = 0; i < bundle.entries().size(); i++) {
            if (i > 0) {
                out.putByte(',');
            }
            writeEntry(bundle.entries().get(i));
        }
        out.putByte(']');
    }

    private void writeEntry(Answer.Entry entry) {
        if (entry instanceof Answer.Match match) {
            writeFullUrl(match.version());
            writeResource(match.version().fhir());
            out.putAscii(",\"search\":{\"mode\":\"match\"}}");
        } else if (entry instanceof Answer.Change change) {
            writeChange(change.version());
        } else if (entry instanceof Answer.Warnings warnings) {
            writeWarnings(warnings);
        }
    }

    private void writeFullUrl(ResourceVersion version) {
        out.putAscii("{\"fullUrl\":");
        out.putQuoted(bundle.base() + "/" + version.key());
    }

    /** Every resource of every bundle is written here. */
    private void writeResource(RawBsonDocument fhir) {
        out.putAscii(",\"resource\":");
        ResourceWriter.write(fhir, out, false);
    }

    /** A version with the request that made it and the answer that this had. */
    private void writeChange(ResourceVersion version) {
        writeFullUrl(version);
        if (version instanceof ResourceVersion.Live live) {
            writeResource(live.fhir());
        }
        Made made = Made.of(version);
        out.putAscii(",\"request\":{\"method\":\"" + made.method() + "\",\"url\":");
        out.putQuoted(made.url());
        out.putAscii("},\"response\":{\"status\":\"" + made.status() + "\",\"etag\":");
        out.putQuoted(VersionHeaders.etag(version));
        out.putAscii(",\"lastModified\":\"" + INSTANT.format(version.from()) + "\"}}");
    }

    /** How a version was made, in terms of HTTP. */
    private record Made(String method, String url, int status) {
        static Made of(ResourceVersion version) {
            String url = version.key().toString();
            if (!(version instanceof ResourceVersion.Live live)) {
                return new Made("DELETE", url, 204);
            }
            return switch (live.origin()) {
                case CREATED -> new Made("POST", version.key().type(), 201);
                case PUT_CREATED -> new Made("PUT", url, 201);
                case UPDATED -> new Made("PUT", url, 200);
            };
        }
    }

    private void writeWarnings(Answer.Warnings warnings) {
        out.putAscii("{\"resource\":");
        OutcomeJson.write(
                out,
                warnings.sentences().stream()
                        .map(warning -> new Failure.Issue("not-supported", warning, null))
                        .toList(),
                "warning");
        out.putAscii(",\"search\":{\"mode\":\"outcome\"}}");
    }
}
