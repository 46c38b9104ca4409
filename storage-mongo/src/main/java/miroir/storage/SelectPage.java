package miroir.storage;

import com.mongodb.client.FindIterable;
import com.mongodb.client.MongoCursor;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import java.util.concurrent.TimeUnit;
import miroir.index.search.Condition;
import miroir.index.store.Page;
import miroir.index.store.PageQuery;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;

/** One page of a search: one {@code find}, one batch, bytes as they are stored. Where a page ends by its bytes, the rest stays unread. */
final class SelectPage {
    private static final Bson CONTENT = Projections.include(
            StoredFields.FHIR, StoredFields.VERSION, StoredFields.FROM, StoredFields.OPERATION, StoredFields.POSITION);
    private static final Bson IN_ORDER = Sorts.ascending(StoredFields.POSITION);

    private final StoreDatabase database;
    private final ChooseWalk chooseWalk;

    SelectPage(StoreDatabase database, ChooseWalk chooseWalk) {
        this.database = database;
        this.chooseWalk = chooseWalk;
    }

    Page run(Condition condition, PageQuery query) {
        Walk walk = chooseWalk.run(query.type(), condition, query.deadline());
        return Refusing.failures(
                "searching " + query.type() + " by " + DescribeCost.of(walk, condition), () -> page(query, walk));
    }

    /** The query itself, apart so that a test can have it explained. */
    FindIterable<RawBsonDocument> find(PageQuery query, Walk walk) {
        return database.current(query.type())
                .find(walk.filterAfter(query.after()))
                .projection(CONTENT)
                .sort(IN_ORDER)
                .hint(walk.index())
                .limit(query.limit() + 1)
                .batchSize(query.limit() + 1)
                .maxTime(TimeLeft.millis(query.deadline()), TimeUnit.MILLISECONDS);
    }

    private Page page(PageQuery query, Walk walk) {
        try (MongoCursor<ResourceVersion.Live> matches =
                find(query, walk).map(document -> live(query.type(), document)).iterator()) {
            return Page.filledFrom(matches, query.limit());
        }
    }

    private static ResourceVersion.Live live(String type, RawBsonDocument document) {
        ResourceKey key =
                new ResourceKey(type, document.getString(StoredFields.ID).getValue());
        return (ResourceVersion.Live) StoredVersion.of(key, document).version();
    }
}
