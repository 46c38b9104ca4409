package miroir.sync.move;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import miroir.storage.FillDatabase.Expected;
import org.bson.BSONException;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.json.JsonMode;
import org.bson.json.JsonWriterSettings;
import org.jspecify.annotations.Nullable;

/**
 * What an export has. It is written last, so whoever finds one finds all of its files.
 *
 * @param miroir the version of Miroir that wrote it
 * @param asOf everything is as at this instant
 */
public record Manifest(String miroir, Instant asOf, List<OfType> types, List<OfFile> files) {
    static final String NAME = "manifest.json";

    private static final String FORMAT = "miroir-export";
    private static final int NUMBER = 1;
    private static final String FILE_NAME = "[A-Za-z]+(-[0-9]{4,}|-erased)?\\.ndjson\\.gz";

    public Manifest {
        types = List.copyOf(types);
        files = List.copyOf(files);
    }

    /** What lines are about. */
    enum Kind {
        VERSIONS,
        ERASED,
        SYNCHRONISATIONS
    }

    /**
     * How much there is of a type.
     *
     * @param resources that are there
     * @param deleted resources that were, and can be put again
     * @param versions of both, all together
     * @param erased resources of which nothing is left
     */
    public record OfType(String type, long resources, long deleted, long versions, long erased) {
        boolean isNothing() {
            return versions == 0 && erased == 0;
        }
    }

    /**
     * One file.
     *
     * @param type null where lines are of no type
     */
    record OfFile(String name, Kind kind, @Nullable String type, long lines, long bytes, String sha256) {}

    /** Those of which there is anything. */
    Set<String> typesWithSomething() {
        Set<String> some = new HashSet<>();
        types.stream().filter(type -> !type.isNothing()).forEach(type -> some.add(type.type()));
        return some;
    }

    /** How much of each of them has to be there once it is put in. */
    List<Expected> expected() {
        return types.stream()
                .filter(type -> !type.isNothing())
                .map(type ->
                        new Expected(type.type(), type.resources() + type.deleted(), type.versions(), type.erased()))
                .toList();
    }

    String json() {
        BsonArray ofTypes = new BsonArray();
        types.forEach(type -> ofTypes.add(new BsonDocument("type", new BsonString(type.type()))
                .append("resources", new BsonInt64(type.resources()))
                .append("deleted", new BsonInt64(type.deleted()))
                .append("versions", new BsonInt64(type.versions()))
                .append("erased", new BsonInt64(type.erased()))));
        BsonArray ofFiles = new BsonArray();
        files.forEach(file -> ofFiles.add(document(file)));
        return new BsonDocument("format", new BsonString(FORMAT))
                .append("formatNumber", new BsonInt32(NUMBER))
                .append("miroir", new BsonString(miroir))
                .append("asOf", new BsonString(asOf.toString()))
                .append("types", ofTypes)
                .append("files", ofFiles)
                .toJson(JsonWriterSettings.builder()
                        .outputMode(JsonMode.RELAXED)
                        .indent(true)
                        .build());
    }

    private static BsonDocument document(OfFile file) {
        BsonDocument document = new BsonDocument("name", new BsonString(file.name()))
                .append("kind", new BsonString(spelt(file.kind())));
        if (file.type() != null) {
            document.append("type", new BsonString(file.type()));
        }
        return document.append("lines", new BsonInt64(file.lines()))
                .append("bytes", new BsonInt64(file.bytes()))
                .append("sha256", new BsonString(file.sha256()));
    }

    private static String spelt(Kind kind) {
        return switch (kind) {
            case VERSIONS -> "versions";
            case ERASED -> "erased";
            case SYNCHRONISATIONS -> "synchronisations";
        };
    }

    /** Reads it; what is not understood is refused, and so is another format. */
    static Manifest read(String json) {
        try {
            BsonDocument read = BsonDocument.parse(json);
            if (!FORMAT.equals(text(read, "format"))) {
                throw refused("is not the manifest of an export: its format is not " + FORMAT);
            }
            if (number(read, "formatNumber") != NUMBER) {
                throw refused("has the format number " + read.get("formatNumber")
                        + ", and this version of Miroir knows " + NUMBER + ": take the version that it names, "
                        + read.get("miroir") + ", or a newer one");
            }
            only(read, Set.of("format", "formatNumber", "miroir", "asOf", "types", "files"));
            List<OfType> types = new ArrayList<>();
            read.getArray("types").forEach(type -> types.add(ofType(type.asDocument())));
            List<OfFile> files = new ArrayList<>();
            read.getArray("files").forEach(file -> files.add(ofFile(file.asDocument())));
            requireOnce(types.stream().map(OfType::type).toList());
            requireOnce(files.stream().map(OfFile::name).toList());
            return new Manifest(text(read, "miroir"), Instant.parse(text(read, "asOf")), types, files);
        } catch (BSONException | DateTimeException e) {
            throw refused("cannot be read: " + e.getMessage());
        }
    }

    private static OfType ofType(BsonDocument type) {
        only(type, Set.of("type", "resources", "deleted", "versions", "erased"));
        return new OfType(
                text(type, "type"),
                number(type, "resources"),
                number(type, "deleted"),
                number(type, "versions"),
                number(type, "erased"));
    }

    private static OfFile ofFile(BsonDocument file) {
        only(file, Set.of("name", "kind", "type", "lines", "bytes", "sha256"));
        String name = text(file, "name");
        if (!name.matches(FILE_NAME)) {
            throw refused("names a file '" + name + "', as no export calls one");
        }
        return new OfFile(
                name,
                kind(text(file, "kind")),
                file.containsKey("type") ? text(file, "type") : null,
                number(file, "lines"),
                number(file, "bytes"),
                text(file, "sha256"));
    }

    private static Kind kind(String text) {
        for (Kind kind : Kind.values()) {
            if (spelt(kind).equals(text)) {
                return kind;
            }
        }
        throw refused("has a file of the unknown kind '" + text + "'");
    }

    private static void only(BsonDocument document, Set<String> known) {
        document.keySet().stream()
                .filter(name -> !known.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw refused("has the unknown key " + name);
                });
    }

    private static void requireOnce(List<String> names) {
        Set<String> seen = new HashSet<>();
        names.stream().filter(name -> !seen.add(name)).findFirst().ifPresent(name -> {
            throw refused("names " + name + " twice");
        });
    }

    private static String text(BsonDocument document, String name) {
        BsonValue value = document.get(name);
        if (value == null || !value.isString()) {
            throw refused("lacks " + name + ", or it is no text");
        }
        return value.asString().getValue();
    }

    private static long number(BsonDocument document, String name) {
        BsonValue value = document.get(name);
        if (value == null
                || !(value.isInt32() || value.isInt64())
                || value.asNumber().longValue() < 0) {
            throw refused("lacks " + name + ", or it is no whole number");
        }
        return value.asNumber().longValue();
    }

    private static ArchiveRefused refused(String reason) {
        return new ArchiveRefused(NAME, reason);
    }
}
