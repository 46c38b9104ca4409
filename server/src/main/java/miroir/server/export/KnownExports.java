package miroir.server.export;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.server.configuration.ExportConfiguration;
import org.bson.BsonDocument;
import org.bson.BsonString;

/**
 * What administrators see of exports, and do about them; whichever server cuts them. An export has the beginning of its id for a name: where reading takes no token, whoever has the whole id has the export.
 */
public final class KnownExports {
    /** As many as there may be; where more are asked for at the same moment it is said that there are more. */
    private static final int MOST = ExportConfiguration.MOST_EXPORTS;

    /** Of those that came to nothing. */
    private static final int MOST_FAILED = 100;

    private static final int LENGTH_OF_A_NAME = 12;

    private final KeptExports kept;
    private final InstantSource clock;

    KnownExports(KeptExports kept, InstantSource clock) {
        this.kept = kept;
        this.clock = clock;
    }

    /**
     * An export and how it stands.
     *
     * @param name the first characters of its id
     * @param who asked for it; an empty text where nobody had to say
     * @param by whom it counts for: who asked, or the network of who did not have to say
     * @param request the URL that was asked
     * @param state {@code cutting}, {@code complete} or {@code failed}
     * @param isHeld whether a server is cutting it at the moment
     * @param at when it was asked for
     * @param asOf the instant that it shows
     * @param expires when it ends by itself
     * @param type that is being cut, or is next; an empty text: none is left
     * @param typesDone how many types are cut
     * @param types how many there are of them
     * @param files so far
     * @param resources in them, as they were counted
     * @param failure why it came to nothing; an empty text where it did not
     */
    public record Known(
            String name,
            String who,
            String by,
            String request,
            String state,
            boolean isHeld,
            Instant at,
            Instant asOf,
            Instant expires,
            String type,
            int typesDone,
            int types,
            long files,
            long resources,
            String failure) {}

    /**
     * Exports that are not over.
     *
     * @param exports the newest first, behind all others those that came to nothing
     * @param more whether there are more than these
     */
    public record Listed(List<Known> exports, boolean more) {
        public Listed {
            exports = List.copyOf(exports);
        }
    }

    /**
     * How many there are.
     *
     * @param byState by what {@link Known#state} says
     * @param held that some server is cutting
     */
    public record Standing(Map<String, Long> byState, long held) {
        public Standing {
            byState = Map.copyOf(byState);
        }
    }

    /** Those that are not over. */
    public Listed all() {
        List<BsonDocument> live = kept.newest(MOST + 1);
        List<BsonDocument> failed = kept.newestFailed(MOST_FAILED + 1);
        List<Known> shown = Stream.concat(
                        live.stream().limit(MOST), failed.stream().limit(MOST_FAILED))
                .map(this::known)
                .toList();
        return new Listed(shown, live.size() > MOST || failed.size() > MOST_FAILED);
    }

    /** How many there are of those. */
    public Standing standing() {
        List<BsonDocument> all = kept.states();
        return new Standing(
                all.stream().collect(Collectors.groupingBy(KnownExports::state, Collectors.counting())),
                all.stream().filter(this::isHeld).count());
    }

    /** Ends one, whatever is being done with it: who fetches it is cut off. */
    public void end(String name) {
        boolean isEnded = kept.beginning(name).stream()
                .filter(id -> name(id).equals(name))
                .map(kept::drop)
                .reduce(false, Boolean::logicalOr);
        if (!isEnded) {
            throw new Refusal(
                    Refusal.Reason.NOT_FOUND,
                    "there is no export \"" + Refusal.shown(name) + "\": it never was, it expired, or it was ended");
        }
    }

    /** By what people know one: the id itself is in no log and on no page. */
    static String name(String id) {
        return id.substring(0, Math.min(LENGTH_OF_A_NAME, id.length()));
    }

    private static String state(BsonDocument found) {
        return found.getString(Export.STATE).getValue();
    }

    private Known known(BsonDocument found) {
        BsonDocument asked = found.getDocument(Export.ASKED);
        List<String> types = asked.getArray("types").stream()
                .map(each -> each.asString().getValue())
                .toList();
        Export.Made made = Export.Made.of(found);
        String type = Export.Place.of(found).type();
        return new Known(
                name(found.getString("_id").getValue()),
                asked.getString("who").getValue(),
                found.getString(KeptExports.BY, new BsonString("")).getValue(),
                asked.getString("request").getValue(),
                state(found),
                isHeld(found),
                instant(asked, "at"),
                instant(asked, "asOf"),
                kept.ends(found),
                type,
                type.isEmpty() ? types.size() : Math.max(0, types.indexOf(type)),
                types.size(),
                made.files(),
                made.resources(),
                found.getString(Export.FAILURE, new BsonString("")).getValue());
    }

    private static Instant instant(BsonDocument document, String field) {
        return Instant.ofEpochMilli(document.getDateTime(field).getValue());
    }

    /** Who has cut one gives it back a moment after it is complete. */
    private boolean isHeld(BsonDocument found) {
        return state(found).equals(Export.State.CUTTING.bson().getValue())
                && found.containsKey(KeptExports.HOLDER)
                && clock.millis() < found.getDateTime(KeptExports.UNTIL).getValue();
    }
}
