package miroir.server.export;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import miroir.index.Refusal;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;

/**
 * An export as it is written down.
 *
 * @param files into which it is cut so far
 * @param place up to where it is
 * @param failure why it came to nothing; an empty string where it did not
 */
record Export(String id, Asked asked, List<ExportFile> files, State state, Place place, String failure) {
    static final String FILES = "files";
    static final String STATE = "state";

    static final String ASKED = "asked";

    static final String MADE = "made";
    static final String PLACE = "place";
    static final String FAILURE = "failure";
    private static final String TYPE = "type";
    private static final String AFTER = "after";

    /** What has come of one. */
    enum State {
        /** It is being cut into files. */
        CUTTING,
        COMPLETE,
        FAILED;

        BsonString bson() {
            return new BsonString(name().toLowerCase(Locale.ROOT));
        }
    }

    /**
     * Up to where an export is cut.
     *
     * @param type which is next, or is being cut; an empty string: none is left
     * @param after up to which position of it
     */
    record Place(String type, long after) {
        static Place of(BsonDocument export) {
            BsonDocument place = export.getDocument(PLACE);
            return new Place(
                    place.getString(TYPE).getValue(), place.getInt64(AFTER).getValue());
        }
    }

    /**
     * How much there is of one so far.
     *
     * @param resources in its files, as they were counted
     */
    record Made(long files, long resources) {
        static Made of(List<ExportFile> files) {
            return new Made(
                    files.size(),
                    files.stream()
                            .filter(file -> file.kind() == ExportFile.Kind.RESOURCES)
                            .mapToLong(ExportFile::count)
                            .sum());
        }

        /** Of one that is read without its files. */
        static Made of(BsonDocument export) {
            BsonDocument made = export.getDocument(MADE, new BsonDocument());
            BsonInt64 none = new BsonInt64(0);
            return new Made(
                    made.getInt64("files", none).getValue(),
                    made.getInt64("resources", none).getValue());
        }

        private BsonDocument bson() {
            return new BsonDocument("files", new BsonInt64(files)).append("resources", new BsonInt64(resources));
        }
    }

    Export {
        files = List.copyOf(files);
    }

    /** One of which nothing is done yet. */
    static Export begun(String id, Asked asked) {
        return new Export(
                id, asked, List.of(), State.CUTTING, new Place(asked.types().get(0), 0), "");
    }

    boolean isOver(Instant now) {
        return !asked.expires().isAfter(now);
    }

    Optional<ExportFile> file(String name) {
        return files.stream().filter(each -> each.name().equals(name)).findFirst();
    }

    /** The same, which ends by then at the latest. */
    Export endingBy(Instant then) {
        return new Export(id, asked.endingBy(then), files, state, place, failure);
    }

    /** What is read of one for the sake of a file of that name. */
    static BsonDocument onlyFile(String name) {
        BsonDocument parts = new BsonDocument(FILES, new BsonDocument("$elemMatch", ExportFile.named(name)));
        List.of(ASKED, STATE, PLACE, FAILURE).forEach(part -> parts.append(part, BsonBoolean.TRUE));
        return parts;
    }

    /** What is read of one for the sake of some fields. */
    static BsonDocument only(List<String> fields) {
        BsonDocument parts = new BsonDocument();
        fields.forEach(field -> parts.append(field, BsonBoolean.TRUE));
        return parts;
    }

    /** How far it is, in a few words. */
    String progress() {
        Made made = Made.of(files);
        return made.resources() + " resources in " + made.files() + " files so far, "
                + (place.type().isEmpty() ? "done" : "now " + place.type()) + " ("
                + (asked.types().indexOf(place.type()) + 1) + " of "
                + asked.types().size() + " types)";
    }

    /** The refusal that an export ended with. */
    Refusal refusal() {
        return new Refusal(Refusal.Reason.EXPIRED, "the export came to nothing: " + failure);
    }

    static Export of(BsonDocument document) {
        return new Export(
                document.getString("_id").getValue(),
                Asked.of(document.getDocument(ASKED)),
                document.getArray(FILES, new BsonArray()).stream()
                        .map(BsonValue::asDocument)
                        .map(ExportFile::of)
                        .toList(),
                State.valueOf(document.getString(STATE).getValue().toUpperCase(Locale.ROOT)),
                Place.of(document),
                document.getString(FAILURE, new BsonString("")).getValue());
    }

    BsonDocument toBson() {
        return new BsonDocument("_id", new BsonString(id))
                .append(ASKED, asked.toBson())
                .append(
                        FILES,
                        new BsonArray(files.stream().map(ExportFile::toBson).toList()))
                .append(STATE, state.bson())
                .append(PLACE, bson(place));
    }

    /** What is written once it is cut up to there; of these files the one at that place is new, or longer. */
    static BsonDocument cut(Place place, int at, List<ExportFile> files) {
        return cut(place)
                .append(FILES + "." + at, files.get(at).toBson())
                .append(MADE, Made.of(files).bson());
    }

    /** The same where that made no file. */
    static BsonDocument cut(Place place) {
        return new BsonDocument(PLACE, bson(place));
    }

    /** What is written where it came to nothing. */
    static BsonDocument failed(String why) {
        return new BsonDocument(STATE, State.FAILED.bson()).append(FAILURE, new BsonString(why));
    }

    private static BsonDocument bson(Place place) {
        return new BsonDocument(TYPE, new BsonString(place.type())).append(AFTER, new BsonInt64(place.after()));
    }
}
