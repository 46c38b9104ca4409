package miroir.server.costs;

import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import miroir.server.Http;
import miroir.server.costs.ProfiledReads.Read;
import miroir.storage.testing.TestDatabase;
import org.bson.Document;

/**
 * The cost gate: each search is asked over HTTP, and what the database did for it is counted by the database.
 *
 * <p>Each entry of the answer, what is included among them, may cost twenty keys or documents. All finds are counted, those on
 * the way to other types as well, but only what the answer has allows for any. On top of it a search may read what its form is given, whatever it finds: where
 * no index has the matches in the order of pages, as many as are rather sorted, 10·√N, or 1,000, which are read and sorted, or
 * show, by their number, that matches are frequent enough to be met on the way; for each reference that it goes over, 2,000 that may be
 * listed of the other side, and a batch of 1,000 that may be looked at in vain. Nothing is ever scanned without an index. Counts, by which an
 * index is chosen or which are the total, have a limit, and read no more keys than that, and of what was listed of another side one for each.
 *
 * <p>What is asked for is a first page of a store without history.
 */
final class SearchCosts {
    private static final int PER_MATCH = 20;
    private static final int SORTED_AT_LEAST = 1_000;
    private static final int LISTED = 2_000;
    private static final int BATCH = 1_000;

    /** A resource may have several values in one range, and is counted once. */
    private static final int KEYS_OF_ONE = 3;

    private final CostlyDirectory directory;
    private final ProfiledReads profile;
    private final int page;
    private final List<String> faults = new ArrayList<>();
    private final Map<Asked.Excuse, Document> excused = new EnumMap<>(Asked.Excuse.class);
    private int asked;
    private double worst;
    private String worstQuery = "";

    SearchCosts(CostlyDirectory directory, ProfiledReads profile, int page) {
        this.directory = directory;
        this.profile = profile;
        this.page = page;
    }

    void ask(TestDatabase database, boolean everything) throws Exception {
        SearchParameterRegistry registry = directory.registry();
        StoredValues values = new StoredValues(database, registry.types());
        OtherSearches others = new OtherSearches(registry, directory.types(), values, Integer.MAX_VALUE, false);
        ask(Stream.of(
                        new ParameterSearches(registry, values, everything, SearchCosts::isAsked).all(),
                        others.orders(),
                        others.links(),
                        others.inclusions(),
                        CodeSearches.all(),
                        CanonicalSearches.all())
                .flatMap(each -> each));
    }

    private static boolean isAsked(SearchParameter parameter) {
        return !OtherResources.types().contains(parameter.type())
                || (OtherResources.ASKED.contains(parameter.type()) && ParameterSearches.hasIndexOfItsOwn(parameter));
    }

    /** By all that has an index, in every order, and over every reference that has one, to one type. */
    void askOfAllTypes(TestDatabase database) throws Exception {
        SearchParameterRegistry registry = directory.registry();
        StoredValues values = new StoredValues(database, registry.types());
        OtherSearches others = new OtherSearches(registry, directory.types(), values, 1, true);
        ask(Stream.of(
                        new ParameterSearches(registry, values, true, ParameterSearches::hasIndexOfItsOwn).all(),
                        others.orders(),
                        others.links())
                .flatMap(each -> each));
    }

    private void ask(Stream<Asked> searches) throws Exception {
        for (Asked each : searches.distinct().toList()) {
            ask(each);
        }
    }

    private void ask(Asked each) throws Exception {
        profile.sinceLast();
        String separator = each.query().contains("?") ? "&" : "?";
        URI uri = directory.server().uri("/fhir/" + each.query() + separator + "_count=" + page);
        HttpResponse<String> answer = Http.send("GET", uri);
        List<Read> reads = profile.sinceLast();
        asked++;
        if (each.query().contains(":text=") && answer.body().contains("more than 1000 code systems")) {
            excused.merge(Asked.Excuse.LABELS_OF_MANY_SYSTEMS, figure(each, 0, 0), SearchCosts::greater);
        } else if (answer.statusCode() != 200) {
            faults.add(each + ": " + answer.statusCode() + " " + answer.body());
        } else if (reads.isEmpty() != each.needsNoReads()) {
            faults.add(each + ": the profiler has seen " + reads);
        } else {
            int entries = Document.parse(answer.body())
                    .getList("entry", Document.class, List.of())
                    .size();
            judge(each, reads, entries);
        }
    }

    private void judge(Asked each, List<Read> reads, int entries) {
        List<Read> finds = reads.stream().filter(Predicate.not(Read::isCount)).toList();
        long read = finds.stream().mapToLong(Read::read).sum();
        long allowed = PER_MATCH * (entries + 1L) + bound(each);
        if (reads.stream().anyMatch(one -> one.plan().contains("COLLSCAN"))) {
            faults.add(each + ": goes through a whole collection: " + reads);
        } else if (each.excuse() != Asked.Excuse.SECOND_KEY
                && finds.stream().anyMatch(one -> one.isSorted() && one.documents() > PER_MATCH + sorted())) {
            faults.add(each + ": sorts too much in memory: " + reads);
        } else if (reads.stream().anyMatch(one -> one.isCount() && one.counted() > countedAtMost(each, one))) {
            faults.add(each + ": counts too far: " + reads);
        } else if (each.excuse() != null) {
            excused.merge(each.excuse(), figure(each, read, entries), SearchCosts::greater);
        } else if (read > allowed) {
            faults.add(each + ": reads " + read + ", allowed are " + allowed + ": " + finds);
        }
        if (each.excuse() == null && read / (double) allowed > worst) {
            worst = read / (double) allowed;
            worstQuery = each.query() + " reads " + read + " of " + allowed;
        }
    }

    /** Of many that are listed, one key shows for each that it is nowhere. */
    private static long countedAtMost(Asked each, Read count) {
        boolean severalKeys = each.isUnordered() || each.excuse() == Asked.Excuse.HAS_SOMETHING;
        int keysOfOne = severalKeys ? KEYS_OF_ONE : 1;
        return (long) keysOfOne * count.countsUpTo() + PER_MATCH + (long) each.links() * LISTED;
    }

    /** What may be read whatever is found. */
    private long bound(Asked each) {
        return (each.isUnordered() ? sorted() : 0) + (long) each.links() * (LISTED + BATCH);
    }

    private static Document figure(Asked each, long read, long returned) {
        return new Document("query", each.query()).append("read", read).append("found", returned);
    }

    private static Document greater(Document one, Document other) {
        return one.getLong("read") >= other.getLong("read") ? one : other;
    }

    /** How many are rather sorted. */
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
