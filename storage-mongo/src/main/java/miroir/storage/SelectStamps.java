package miroir.storage;

import com.mongodb.client.model.Projections;
import java.util.ArrayList;
import java.util.List;
import miroir.index.search.Condition;
import miroir.index.store.PageQuery;
import miroir.index.store.ResourceVersion;
import miroir.index.store.Scope;
import miroir.index.store.VersionStamp;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;

/** What a page would have, without content. */
final class SelectStamps {
    private static final Bson STAMP = Projections.include(StoredFields.VERSION, StoredFields.FROM);

    private final SelectMatches selectMatches;

    SelectStamps(SelectMatches selectMatches) {
        this.selectMatches = selectMatches;
    }

    List<VersionStamp> run(Condition condition, Scope seen, PageQuery query) {
        List<VersionStamp> stamps = new ArrayList<>();
        MatchQuery wanted = MatchQuery.of(query, condition, query.limit(), STAMP, seen);
        try (Matches matches = selectMatches.run(wanted)) {
            matches.forEachRemaining(document -> stamps.add(stamp(query.type(), document)));
        }
        return stamps;
    }

    private static VersionStamp stamp(String type, RawBsonDocument document) {
        ResourceVersion version = FoundVersion.inCurrent(type, document).version();
        return new VersionStamp(version.key(), version.version(), version.from());
    }
}
