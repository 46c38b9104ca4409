package miroir.storage;

import com.mongodb.client.model.Projections;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import miroir.index.search.Condition;
import miroir.index.search.Order;
import miroir.index.store.Page;
import miroir.index.store.PagePosition;
import miroir.index.store.PageQuery;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import miroir.index.store.Scope;
import org.bson.RawBsonDocument;
import org.bson.conversions.Bson;

/**
 * One page of a search, bytes as they are stored. Where a page ends by its bytes, the rest stays unread.
 *
 * <p>MongoDB goes through the elements of a document until it has all that is asked for, and these stand before the search fields. Asked for one that most documents lack, such as
 * how a version came to be, it goes through all sixty of each: a seventh of what it did for a page of fifty. So pages do not tell that.
 */
final class SelectPage {
    static final Bson SHOWN =
            Projections.include(StoredFields.FHIR, StoredFields.VERSION, StoredFields.FROM, StoredFields.POSITION);

    private final SelectMatches selectMatches;

    SelectPage(SelectMatches selectMatches) {
        this.selectMatches = selectMatches;
    }

    Page run(Condition condition, Scope seen, PageQuery query) {
        try (Matches matches = selectMatches.run(wanted(condition, seen, query))) {
            List<RawBsonDocument> met = new ArrayList<>();
            Page page = Page.filledFrom(live(query.type(), matches, met::add), query.limit());
            int shown = page.resources().size();
            return shown == 0
                    ? page
                    : new Page(page.resources(), page.more(), ends(query.order(), met.get(0), met.get(shown - 1)));
        }
    }

    private static List<PagePosition> ends(Order order, RawBsonDocument first, RawBsonDocument last) {
        OrderedPlaces places = new OrderedPlaces(order);
        return List.of(places.of(first), places.of(last));
    }

    /** The matches of a page, and one more. */
    static MatchQuery wanted(Condition condition, Scope seen, PageQuery query) {
        return MatchQuery.of(query, condition, query.limit() + 1, SHOWN, seen);
    }

    private static Iterator<ResourceVersion.Live> live(String type, Matches matches, Consumer<RawBsonDocument> meets) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return matches.hasNext();
            }

            @Override
            public ResourceVersion.Live next() {
                RawBsonDocument next = matches.next();
                meets.accept(next);
                return SelectPage.live(type, next);
            }
        };
    }

    static ResourceVersion.Live found(ResourceKey key, RawBsonDocument document) {
        return ((ResourceVersion.Live) StoredVersion.of(key, document).version()).found();
    }

    /** The version that a document with this content is. */
    static ResourceVersion.Live live(String type, RawBsonDocument document) {
        String id = document.getString(StoredFields.ID).getValue();
        return found(new ResourceKey(type, id), document);
    }
}
