package miroir.server.subscriptions;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import miroir.index.Refusal;
import miroir.index.search.Condition;
import miroir.index.search.Handling;
import miroir.index.search.QueryParameter;
import miroir.index.search.SearchLimits;
import miroir.index.search.SearchParser;
import miroir.index.search.SearchableParameters;
import miroir.index.store.Deadline;
import miroir.index.store.Page;
import miroir.index.store.PageQuery;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import miroir.index.store.SearchInForce;
import miroir.index.store.SearchMade;
import miroir.storage.MongoResourceStore;
import org.bson.codecs.BsonDocumentCodec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The subscriptions that are stored, in the order of their creation. One that cannot be read is as if it were not there. */
final class FindSubscriptions {
    private static final Logger LOG = LoggerFactory.getLogger(FindSubscriptions.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int PAGE = 200;

    private final MongoResourceStore store;

    FindSubscriptions(MongoResourceStore store) {
        this.store = store;
    }

    /** Those of a status, at most so many. */
    List<Subscribed> of(Status status, int most) {
        SearchInForce inForce = store.inForce();
        SearchMade made = inForce.made();
        Condition where = new SearchParser(
                        SearchableParameters.all(made.registry()),
                        made.zone(),
                        made.ownBases(),
                        SearchLimits.defaults())
                .parse(Subscribed.TYPE, List.of(new QueryParameter("status", status.code())), Handling.STRICT)
                .where();
        return found(where, most);
    }

    /** All of them, at most so many. */
    List<Subscribed> all(int most) {
        return found(Condition.all(), most);
    }

    /** One of them; empty where it is not there. */
    Optional<Subscribed> one(String id) {
        return store.read(ByServer.CALLER, new ResourceKey(Subscribed.TYPE, id))
                .filter(ResourceVersion.Live.class::isInstance)
                .flatMap(live -> read((ResourceVersion.Live) live));
    }

    /** One as it was; empty where it was not there, or is not kept. */
    Optional<Subscribed> version(String id, long version) {
        return store.readVersion(ByServer.CALLER, new ResourceKey(Subscribed.TYPE, id), version)
                .filter(ResourceVersion.Live.class::isInstance)
                .flatMap(live -> read((ResourceVersion.Live) live));
    }

    /** Whether it was deleted between two versions, so that what came after it is another one of the same id. */
    boolean wasDeletedBetween(String id, long older, long newer) {
        ResourceKey key = new ResourceKey(Subscribed.TYPE, id);
        return LongStream.range(older + 1, newer)
                .mapToObj(version -> store.readVersion(ByServer.CALLER, key, version))
                .flatMap(Optional::stream)
                .anyMatch(ResourceVersion.Deleted.class::isInstance);
    }

    private List<Subscribed> found(Condition where, int most) {
        List<Subscribed> found = new ArrayList<>();
        long after = 0;
        Page page;
        do {
            page = store.select(
                    ByServer.CALLER, new PageQuery(Subscribed.TYPE, where, after, PAGE, Deadline.in(PATIENCE)));
            for (ResourceVersion.Live live : page.resources()) {
                after = live.position();
                read(live).ifPresent(found::add);
            }
        } while (page.more() && found.size() < most);
        return found.size() <= most ? found : found.subList(0, most);
    }

    private static Optional<Subscribed> read(ResourceVersion.Live live) {
        try {
            return Optional.of(ReadSubscription.of(
                    live.key(), live.version(), live.from(), live.fhir().decode(new BsonDocumentCodec())));
        } catch (Refusal refused) {
            LOG.debug("{} is none that is delivered: {}", live.key(), refused.getMessage());
            return Optional.empty();
        }
    }
}
