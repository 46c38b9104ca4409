package miroir.server.export;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import miroir.index.Refusal;
import org.bson.BsonDocument;

/**
 * What administrators see of exports, and do about them; whichever server cuts them. An export has the beginning of its id for a name: where reading takes no token, whoever has the whole id has the export.
 */
public final class KnownExports {
    /** More are on no page and in no metrics. */
    public static final int MOST = 500;

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

    /** Those that are not over, the newest first. */
    public List<Known> all() {
        return kept.newest(MOST).stream()
                .flatMap(found -> kept.known(found).map(each -> known(each, found)).stream())
                .toList();
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

    private static String name(String id) {
        return id.substring(0, Math.min(LENGTH_OF_A_NAME, id.length()));
    }

    private Known known(Export export, BsonDocument found) {
        Asked asked = export.asked();
        Export.Made made = Export.Made.of(found);
        String type = export.place().type();
        return new Known(
                name(export.id()),
                asked.who(),
                asked.request(),
                export.state().bson().getValue(),
                isHeld(found),
                asked.at(),
                asked.asOf(),
                asked.expires(),
                type,
                type.isEmpty()
                        ? asked.types().size()
                        : Math.max(0, asked.types().indexOf(type)),
                asked.types().size(),
                made.files(),
                made.resources(),
                export.failure());
    }

    private boolean isHeld(BsonDocument found) {
        return found.containsKey("holder")
                && clock.millis() < found.getDateTime("until").getValue();
    }
}
