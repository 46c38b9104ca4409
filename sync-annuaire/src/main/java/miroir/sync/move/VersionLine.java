package miroir.sync.move;

import java.time.Instant;
import miroir.index.json.ResourceWriter;
import miroir.index.json.Utf8Buffer;
import miroir.storage.MovedVersion;
import org.jspecify.annotations.Nullable;

/** The line of a version: a JSON object with what is kept of it, and the resource at its end. */
final class VersionLine {
    static final String ID = "id";
    static final String VERSION = "version";
    static final String FROM = "from";
    static final String TO = "to";
    static final String POSITION = "position";
    static final String OPERATION = "operation";
    static final String SOURCE = "source";
    static final String SOURCE_INSTANT = "sourceInstant";
    static final String HASH = "hash";
    static final String DELETED = "deleted";
    static final String ERASED = "erased";
    static final String RESOURCE = "resource";

    private VersionLine() {}

    static void write(MovedVersion version, Utf8Buffer out) {
        out.putAscii("{\"" + ID + "\":");
        out.putQuoted(version.id());
        number(VERSION, version.version(), out);
        text(FROM, instant(version.from()), out);
        text(TO, instant(version.to()), out);
        number(POSITION, version.position(), out);
        text(OPERATION, version.operation(), out);
        text(SOURCE, version.source(), out);
        text(SOURCE_INSTANT, instant(version.sourceInstant()), out);
        text(HASH, version.hash(), out);
        if (version.fhir() == null) {
            flag(DELETED, out);
        } else {
            name(RESOURCE, out);
            ResourceWriter.write(version.fhir(), out, false);
        }
        if (version.erased()) {
            flag(ERASED, out);
        }
        out.putAscii("}\n");
    }

    private static @Nullable String instant(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }

    private static void name(String name, Utf8Buffer out) {
        out.putAscii(",\"" + name + "\":");
    }

    private static void number(String name, long value, Utf8Buffer out) {
        name(name, out);
        out.putLong(value);
    }

    private static void text(String name, @Nullable String value, Utf8Buffer out) {
        if (value != null) {
            name(name, out);
            out.putQuoted(value);
        }
    }

    private static void flag(String name, Utf8Buffer out) {
        name(name, out);
        out.putAscii("true");
    }
}
