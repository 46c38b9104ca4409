package miroir.server.fhir;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import miroir.index.path.RawValue;
import miroir.index.store.Copied;
import miroir.index.store.Deadline;
import miroir.index.store.HistoryPage;
import miroir.index.store.HistoryPosition;
import miroir.index.store.HistoryQuery;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.server.configuration.SearchConfiguration;
import miroir.server.directory.Lifecycle;
import miroir.server.pipeline.Step;
import miroir.server.pipeline.WorkingMemory;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET [type]/[id]/$seen}: since when a resource has been here, and until when it was known to be there.
 *
 * <p>The end of a history is the oldest version that is kept, so all of it is gone through. Something active was there when it was copied whole from its source the
 * last time, whether it changed or not; of something deleted or inactive it is told when that began.
 */
final class SeenInteraction {
    private static final Duration PATIENCE = Duration.ofMillis(100);
    private static final int PAGE = 100;
    private static final int CURRENT_AND_OLD = 2;

    private final ResourceStore store;
    private final NeverCopied neverCopied;
    private final ZoneId zone;
    private final SearchConfiguration settings;
    private final Room room;

    SeenInteraction(
            ResourceStore store, NeverCopied neverCopied, ZoneId zone, SearchConfiguration settings, Room room) {
        this.store = store;
        this.neverCopied = neverCopied;
        this.zone = zone;
        this.settings = settings;
        this.room = room;
    }

    Answer answer(FhirRequest request) {
        request.refuseParameters();
        request.exchange().done(Step.PARSE);
        Deadline deadline = request.deadline(settings.deadline());
        Kept current = current(request);
        Seen seen = seen(request, current, deadline);
        request.exchange().done(Step.STORE);
        return Answer.of(200, new Answer.OneResource(OperationParameters.of(parameters(seen))));
    }

    /** A version without its content, for which nobody has to hold memory. */
    private record Kept(ResourceVersion.Deleted version, boolean gone, boolean deletion) {
        static Kept of(ResourceVersion version) {
            return new Kept(
                    new ResourceVersion.Deleted(version.key(), version.version(), version.from()),
                    isGone(version),
                    version instanceof ResourceVersion.Deleted);
        }
    }

    private Kept current(FhirRequest request) {
        try (WorkingMemory.Held held = room.forResource(request, 1)) {
            Optional<ResourceVersion> found = store.read(request.caller(), request.key());
            if (found.isEmpty()) {
                room.foundNothing(request);
                neverCopied.requireKnown(request.key().type(), request.key().toString());
                throw ReadInteraction.unknown(request.key());
            }
            ResourceVersion current = found.get();
            held.read(List.of(current), request.format());
            if (current instanceof ResourceVersion.Deleted deleted && deleted.erased()) {
                throw ReadInteraction.gone(deleted);
            }
            return Kept.of(current);
        }
    }

    /**
     * What a history says.
     *
     * @param oldest the oldest version that is kept
     * @param goneAt since when it has been deleted or inactive; null where it is not
     */
    private record Seen(
            ResourceVersion current,
            ResourceVersion oldest,
            @Nullable Instant goneAt) {

        /** With an older version. */
        Seen and(Kept older, boolean goneEverSince) {
            // A deletion is no sight of it.
            ResourceVersion seen = older.deletion() ? oldest : older.version();
            return new Seen(current, seen, goneEverSince ? older.version().from() : goneAt);
        }
    }

    private Seen seen(FhirRequest request, Kept newest, Deadline deadline) {
        ResourceVersion current = newest.version();
        Instant settled = store.settled(request.caller(), PATIENCE, deadline);
        Instant until = settled.isBefore(current.from()) ? current.from() : settled;
        boolean gone = newest.gone();
        Seen seen = new Seen(current, current, gone ? current.from() : null);
        HistoryPosition after = HistoryPosition.of(current);
        boolean more = current.version() > 1;
        while (more) {
            HistoryQuery query = new HistoryQuery(
                    new HistoryQuery.Resource(request.key()), null, null, until, after, PAGE, deadline);
            Page page = room.inTurn(request, store, deadline, () -> page(request, query, deadline));
            for (Kept older : page.versions()) {
                gone = gone && older.gone();
                seen = seen.and(older, gone);
                after = HistoryPosition.of(older.version());
            }
            more = page.more();
        }
        return seen;
    }

    private record Page(List<Kept> versions, boolean more) {}

    private Page page(FhirRequest request, HistoryQuery query, Deadline deadline) {
        try (WorkingMemory.Held held = room.forPage(request, PAGE + 1, CURRENT_AND_OLD, deadline)) {
            HistoryPage page = store.history(request.caller(), query);
            held.read(page.versions(), request.format());
            List<Kept> versions = page.versions().stream().map(Kept::of).toList();
            return new Page(versions, page.more() && !versions.isEmpty());
        }
    }

    private static boolean isGone(ResourceVersion version) {
        return !(version instanceof ResourceVersion.Live live) || Lifecycle.isOver(RawValue.of(live.fhir()));
    }

    private List<BsonDocument> parameters(Seen seen) {
        ResourceVersion current = seen.current();
        List<BsonDocument> parameters = new ArrayList<>();
        parameters.add(instant("firstSeen", seen.oldest().from()));
        parameters.add(truth("firstSeenExact", seen.oldest().version() == 1));
        Instant goneAt = seen.goneAt();
        parameters.add(instant("lastSeen", goneAt == null ? lastCopied(current) : goneAt));
        parameters.add(instant("lastChanged", current.from()));
        parameters.add(truth("active", goneAt == null));
        parameters.add(OperationParameters.one(
                "versions", "valueInteger", new BsonInt32((int) Math.min(current.version(), Integer.MAX_VALUE))));
        return parameters;
    }

    private Instant lastCopied(ResourceVersion current) {
        Map<String, Copied> copies = store.copies();
        Copied copied = copies.get(current.key().type());
        Instant asOf = copied == null ? null : copied.asOf();
        return asOf == null || asOf.isBefore(current.from()) ? current.from() : asOf;
    }

    private BsonDocument instant(String name, Instant instant) {
        return OperationParameters.one(name, "valueInstant", OperationParameters.instant(instant, zone));
    }

    private static BsonDocument truth(String name, boolean truth) {
        return OperationParameters.one(name, "valueBoolean", BsonBoolean.valueOf(truth));
    }
}
