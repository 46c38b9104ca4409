package miroir.storage;

import com.mongodb.client.model.Projections;
import java.util.Iterator;
import miroir.index.search.Condition;
import miroir.index.store.Page;
import miroir.index.store.PageQuery;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;

/** One page of a search, bytes as they are stored. Where a page ends by its bytes, the rest stays unread. */
final class SelectPage {
    static final Bson CONTENT = Projections.include(
            StoredFields.FHIR, StoredFields.VERSION, StoredFields.FROM, StoredFields.OPERATION, StoredFields.POSITION);

    private final SelectMatches selectMatches;

    SelectPage(SelectMatches selectMatches) {
        this.selectMatches = selectMatches;
    }

    Page run(Condition condition, PageQuery query) {
        MatchQuery wanted =
                new MatchQuery(query.type(), condition, query.after(), query.limit() + 1, CONTENT, query.deadline());
        try (Matches matches = selectMatches.run(wanted)) {
            return Page.filledFrom(live(query.type(), matches), query.limit());
        }
    }

    private static Iterator<ResourceVersion.Live> live(String type, Matches matches) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return matches.hasNext();
            }

            @Override
            public ResourceVersion.Live next() {
                return SelectPage.live(type, matches.next());
            }
        };
    }

    /** The version that a document with this content is. */
    static ResourceVersion.Live live(String type, RawBsonDocument document) {
        String id = document.getString(StoredFields.ID).getValue();
        return (ResourceVersion.Live)
                StoredVersion.of(new ResourceKey(type, id), document).version();
    }
}
