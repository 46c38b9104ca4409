package miroir.index.terminology;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import miroir.index.SearchParameter;
import miroir.index.search.Condition;
import miroir.index.search.Order;
import miroir.index.search.SearchableParameters;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.PageQuery;
import miroir.index.store.ResourceStore;
import miroir.index.store.VersionStamp;
import org.jspecify.annotations.Nullable;

/**
 * Finds definitions, such as value sets, by the URL that they say they have. Resources may share one; the one that was written last counts,
 * and the next ones if it is erased meanwhile.
 *
 * @param asOf the settled instant at which they are looked for; null: the newest
 */
public record FindByUrl(
        ResourceStore store,
        SearchableParameters searchable,
        Caller caller,
        @Nullable Instant asOf,
        Deadline deadline) {
    private static final int MOST_OF_ONE_URL = 10;

    /** Of a canonical, which may have a version behind a bar. */
    public List<VersionStamp> ofCanonical(String type, String canonical) {
        int bar = canonical.indexOf('|');
        return bar < 0
                ? ofUrl(type, canonical, null)
                : ofUrl(type, canonical.substring(0, bar), canonical.substring(bar + 1));
    }

    List<VersionStamp> ofUrl(String type, String url, @Nullable String version) {
        SearchParameter byUrl = searchable.registry().find(type, "url");
        SearchParameter byVersion = searchable.registry().find(type, "version");
        if (byUrl == null || (version != null && byVersion == null)) {
            return List.of();
        }
        searchable.require(byUrl);
        List<Condition> conditions = new ArrayList<>(List.of(Condition.In.texts(byUrl.field(""), List.of(url))));
        if (version != null && byVersion != null) {
            searchable.require(byVersion);
            conditions.add(Condition.In.texts(byVersion.field("value"), List.of(version)));
        }
        return where(type, new Condition.And(conditions), MOST_OF_ONE_URL);
    }

    /** Those of several URLs, in whatever version. */
    List<VersionStamp> ofUrls(String type, Set<String> urls) {
        SearchParameter byUrl = searchable.registry().find(type, "url");
        if (byUrl == null || urls.isEmpty()) {
            return List.of();
        }
        searchable.require(byUrl);
        int most = MOST_OF_ONE_URL * urls.size();
        List<VersionStamp> found = where(type, Condition.In.texts(byUrl.field(""), List.copyOf(urls)), most);
        // One URL may have so many that none is left of the others.
        return found.size() < most || urls.size() == 1
                ? found
                : urls.stream().flatMap(url -> ofUrl(type, url, null).stream()).toList();
    }

    List<VersionStamp> where(String type, Condition where, int most) {
        Order lastFirst = Order.BY_LAST_UPDATED.reversed();
        return store.stamps(caller, new PageQuery(type, where, lastFirst, null, most, asOf, deadline));
    }
}
