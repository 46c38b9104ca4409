package miroir.storage;

import com.mongodb.client.FindIterable;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import miroir.index.search.Condition;
import miroir.index.store.Deadline;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;

/**
 * Which of some versions meet a condition, by the search fields that each of them has: what a search would have found when it was the current one. Current is
 * asked first, since a version may move to history meanwhile, and history has it before.
 */
final class FindMeeting {
    private static final Bson PARTS = Projections.include(StoredFields.VERSION);

    private final StoreDatabase database;

    FindMeeting(StoreDatabase database) {
        this.database = database;
    }

    /** Those of these that meet a condition that is about each resource alone. */
    Set<VersionId> run(String type, Condition where, Collection<VersionId> versions, Deadline deadline) {
        Set<VersionId> found = new HashSet<>();
        find(database.current(type), ids(versions), RenderFilter.within(where), deadline)
                .forEach(document -> found.add(
                        new VersionId(document.getString(StoredFields.ID).getValue(), version(document))));
        found.retainAll(Set.copyOf(versions));
        List<VersionId> others =
                versions.stream().filter(each -> !found.contains(each)).toList();
        if (!others.isEmpty()) {
            Bson byId = Filters.in(
                    StoredFields.ID,
                    others.stream()
                            .map(each -> HistoryIds.of(each.id(), each.version()))
                            .toList());
            find(database.history(type), byId, RenderFilter.withinInHistory(where), deadline)
                    .forEach(document -> found.add(new VersionId(HistoryIds.resource(document), version(document))));
        }
        return found;
    }

    /** Of which of these the current version is within a scope. */
    Set<String> visible(String type, Condition scope, Collection<VersionId> versions, Deadline deadline) {
        Set<String> visible = new HashSet<>();
        find(database.current(type), ids(versions), RenderFilter.within(scope), deadline)
                .forEach(document ->
                        visible.add(document.getString(StoredFields.ID).getValue()));
        return visible;
    }

    private static Bson ids(Collection<VersionId> versions) {
        return Filters.in(StoredFields.ID, versions.stream().map(VersionId::id).collect(Collectors.toSet()));
    }

    private static FindIterable<RawBsonDocument> find(
            MongoCollection<RawBsonDocument> collection, Bson which, Bson filter, Deadline deadline) {
        return collection
                .find(Filters.and(which, filter))
                .projection(PARTS)
                .hint(TypeIndexes.IDS)
                .maxTime(TimeLeft.millis(deadline), TimeUnit.MILLISECONDS);
    }

    private static long version(RawBsonDocument document) {
        return document.getNumber(StoredFields.VERSION).longValue();
    }
}
