package miroir.index.registry;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import miroir.index.extract.ExtractionSettings;
import miroir.index.extract.FieldExtractor;
import miroir.index.yaml.ConfigurationRefused;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInvalidOperationException;
import org.bson.BsonString;
import org.bson.BsonValue;

/**
 * What decides about search fields, as processes hand it to each other: the texts of the files, and not where somebody keeps them.
 *
 * @param stored whether stored SearchParameter resources count
 */
record SearchDescription(List<ConfigurationText> files, ExtractionSettings settings, boolean stored) {
    static final String FOLDER = "conf/search/";

    /** A document of the database has room for them and for stored parameters. */
    private static final int MOST_BYTES = 2_000_000;

    SearchDescription {
        files = files.stream().map(SearchDescription::named).toList();
    }

    private static ConfigurationText named(ConfigurationText file) {
        String name = file.name().replace('\\', '/');
        return new ConfigurationText(FOLDER + name.substring(name.lastIndexOf('/') + 1), file.text());
    }

    BsonDocument toBson() {
        int bytes = files.stream()
                .mapToInt(file -> file.text().getBytes(StandardCharsets.UTF_8).length)
                .sum();
        if (bytes > MOST_BYTES) {
            throw new ConfigurationRefused(
                    FOLDER, "the files have " + bytes + " bytes together; allowed are " + MOST_BYTES);
        }
        BsonArray texts = new BsonArray();
        files.forEach(file -> texts.add(
                new BsonDocument("name", new BsonString(file.name())).append("text", new BsonString(file.text()))));
        BsonArray bases = new BsonArray();
        new TreeSet<>(settings.ownBases()).forEach(base -> bases.add(new BsonString(base)));
        return new BsonDocument("files", texts)
                .append("zone", new BsonString(settings.zone().getId()))
                .append("bases", bases)
                .append("stored", BsonBoolean.valueOf(stored))
                .append("extractor", new BsonInt32(FieldExtractor.version()))
                .append("standard", new BsonString(StandardParameters.digest()));
    }

    /** What another process described, if this one would make the same of it. */
    static SearchDescription of(BsonDocument description) {
        try {
            requireSame(description, "extractor", new BsonInt32(FieldExtractor.version()));
            requireSame(description, "standard", new BsonString(StandardParameters.digest()));
            return new SearchDescription(
                    description.getArray("files").stream()
                            .map(BsonValue::asDocument)
                            .map(file -> new ConfigurationText(text(file, "name"), text(file, "text")))
                            .toList(),
                    new ExtractionSettings(
                            ZoneId.of(text(description, "zone")),
                            Set.copyOf(description.getArray("bases").stream()
                                    .map(base -> base.asString().getValue())
                                    .toList())),
                    description.getBoolean("stored").getValue());
        } catch (BsonInvalidOperationException | DateTimeException unreadable) {
            throw new ConfigurationRefused(
                    "the search configuration in the database", "cannot be read here: " + unreadable.getMessage());
        }
    }

    private static void requireSame(BsonDocument description, String key, BsonValue here) {
        if (!here.equals(description.get(key))) {
            throw new ConfigurationRefused(
                    "the search configuration in the database",
                    "is that of another version of Miroir (" + key + " " + description.get(key) + ", here " + here
                            + "), which makes other fields; all servers of a"
                            + " database need the same version. To go on with this one, stop the others and change a"
                            + " comment in a file of " + FOLDER);
        }
    }

    private static String text(BsonDocument document, String key) {
        return document.getString(key).getValue();
    }
}
