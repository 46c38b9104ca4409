package miroir.server.costs;

import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import miroir.server.Http;
import miroir.server.costs.ProfiledReads.Read;
import miroir.storage.testing.TestDatabase;
import org.bson.Document;

/**
 * The cost gate: each search is asked over HTTP, and what the database did for it is counted by the database.
 *
 * <p>What is found may cost twenty keys or documents each, counted in every single read, the looks at other types and at what is
 * included among them. Where no index has what is found in the order of pages, as many as are rather sorted may come on top,
 * 10·√N, or 1,000: they are read and sorted, or show, by their number, that matches are frequent enough to be met on the way. Links
 * may have 2,000 of the other side listed, and as many as a batch has looked at in vain. Nothing is ever
 * scanned without an index. Counts by which an index is chosen end at their own limit.
 */
final class SearchCosts {
    private static final int PER_MATCH = 20;
    private static final int SORTED_AT_LEAST = 1_000;
    private static final int COUNTED_AT_MOST = 10_001;

    private final CostlyDirectory directory;
    private final ProfiledReads profile;
    private final int page;
    private final List<String> faults = new ArrayList<>();
    private final Map<Asked.Excuse, Document> excused = new EnumMap<>(Asked.Excuse.class);
    private int asked;
    private int withoutReads;
    private double worst;
    private String worstQuery = "";

    SearchCosts(CostlyDirectory directory, ProfiledReads profile, int page) {
        this.directory = directory;
        this.profile = profile;
        this.page = page;
    }

    void ask(TestDatabase database, boolean everything) throws Exception {
        StoredValues values = new StoredValues(database, directory.registry().types());
        OtherSearches others = new OtherSearches(directory.registry(), values);
        Stream<Asked> all = Stream.of(
                        new ParameterSearches(directory.registry(), values).all(),
                        others.orders(),
                        others.links(),
                        others.inclusions())
                .flatMap(each -> each);
        Collection<Asked> some = everything ? all.distinct().toList() : oneOfEachForm(all);
        for (Asked each : some) {
            ask(each);
        }
        if (withoutReads > some.size() / 20) {
            faults.add("the profiler has seen nothing of " + withoutReads + " searches");
        }
    }

    /** The one that finds least, which shows best that everything is gone through; nothing that may cost more. */
    private static Collection<Asked> oneOfEachForm(Stream<Asked> all) {
        Map<String, Asked> some = new LinkedHashMap<>();
        all.filter(each -> each.excuse() == null).forEach(each -> some.put(each.form(), each));
        return some.values();
    }

    private void ask(Asked each) throws Exception {
        profile.sinceLast();
        String separator = each.query().contains("?") ? "&" : "?";
        URI uri = directory.server().uri("/fhir/" + each.query() + separator + "_count=" + page);
        HttpResponse<String> answer = Http.send("GET", uri);
        List<Read> reads = profile.sinceLast();
        asked++;
        if (answer.statusCode() != 200) {
            faults.add(each + ": " + answer.statusCode() + " " + answer.body());
        } else if (reads.isEmpty()) {
            // Every resource has an id and an instant, so that nothing is asked for what has none.
            withoutReads++;
        } else {
            judge(each, reads);
        }
    }

    private void judge(Asked each, List<Read> reads) {
        List<Read> finds = reads.stream().filter(Predicate.not(Read::isCount)).toList();
        long read = finds.stream().mapToLong(Read::read).sum();
        long returned = finds.stream().mapToLong(Read::returned).sum();
        long allowed = PER_MATCH * (returned + 1) + (each.isUnordered() ? sorted() : 0);
        if (reads.stream().anyMatch(one -> one.plan().contains("COLLSCAN"))) {
            faults.add(each + ": goes through a whole collection: " + reads);
        } else if (each.excuse() != Asked.Excuse.SECOND_KEY
                && finds.stream().anyMatch(one -> one.isSorted() && one.documents() > PER_MATCH + sorted())) {
            faults.add(each + ": sorts too much in memory: " + reads);
        } else if (reads.stream().anyMatch(one -> one.isCount() && one.documents() > COUNTED_AT_MOST)) {
            faults.add(each + ": counts too far: " + reads);
        } else if (each.excuse() != null) {
            excused.merge(each.excuse(), figure(each, read, returned), SearchCosts::greater);
        } else if (read > allowed) {
            faults.add(each + ": reads " + read + ", allowed are " + allowed + ": " + finds);
        }
        if (each.excuse() == null && read / (double) allowed > worst) {
            worst = read / (double) allowed;
            worstQuery = each.query() + " reads " + read + " of " + allowed;
        }
    }

    private static Document figure(Asked each, long read, long returned) {
        return new Document("query", each.query()).append("read", read).append("found", returned);
    }

    private static Document greater(Document one, Document other) {
        return one.getLong("read") >= other.getLong("read") ? one : other;
    }

    /** How many are rather sorted, or listed of the other side of a link. */
    private long sorted() {
        return Math.max(SORTED_AT_LEAST, Math.round(10 * Math.sqrt(directory.resourcesPerType())));
    }

    List<String> faults() {
        return faults;
    }

    Document figures() {
        Document dearest = new Document();
        excused.forEach((why, figure) -> dearest.append(why.name(), figure));
        return new Document("resourcesPerType", directory.resourcesPerType())
                .append("page", page)
                .append("searches", asked)
                .append("nearestToTheLimit", worstQuery)
                .append("excusedAndDearest", dearest);
    }
}
