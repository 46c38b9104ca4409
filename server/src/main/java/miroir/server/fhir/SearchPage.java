package miroir.server.fhir;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.index.json.Shape;
import miroir.index.search.SearchRequest;
import miroir.index.search.TotalMode;
import miroir.index.store.Page;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.index.store.Total;
import miroir.index.store.TotalQuery;
import miroir.server.pipeline.WorkingMemory;
import org.jspecify.annotations.Nullable;

/**
 * What is on a page of a search.
 *
 * @param included what belongs to the matches
 * @param held the memory that it takes; null where it takes none
 */
record SearchPage(Page matches, Page included, @Nullable Total total, WorkingMemory.@Nullable Held held)
        implements ReadSettled.Holding {
    private static final Page NOTHING = new Page(List.of(), false);
    private static final String NOT_ALL =
            "not all that was to be included is here, since there is too much of it; a smaller"
                    + " _count includes all of fewer matches";

    /** Where only the total is wanted. */
    static SearchPage empty() {
        return new SearchPage(NOTHING, NOTHING, null, null);
    }

    static SearchPage of(Page matches, @Nullable Page included, WorkingMemory.Held held, FhirRequest request) {
        Page beside = included == null ? NOTHING : included;
        held.read(
                Stream.concat(matches.resources().stream(), beside.resources().stream())
                        .toList(),
                request.format());
        return new SearchPage(matches, beside, null, held);
    }

    boolean isFollowed() {
        return matches.more();
    }

    SearchPage with(@Nullable Total counted) {
        return new SearchPage(matches, included, counted, held);
    }

    /**
     * What the first page says of the total. A page that holds everything has been counted already; where there is more,
     * counting is a second query, so it is done only for those who ask.
     *
     * @param count counts exactly, or nearly
     */
    SearchPage counted(SearchRequest search, Function<TotalMode, Total> count) {
        if (search.count() == 0) {
            return with(count.apply(search.total() == TotalMode.ESTIMATE ? TotalMode.ESTIMATE : TotalMode.ACCURATE));
        }
        if (search.total() == TotalMode.NONE) {
            return with(null);
        }
        if (!matches.more()) {
            return with(new Total(matches.resources().size(), true));
        }
        return switch (search.total()) {
            case ACCURATE, ESTIMATE -> with(count.apply(search.total()));
            case NONE, UNASKED -> with(null);
        };
    }

    /**
     * How is counted.
     *
     * @param cheap up to where estimates are exact
     */
    static TotalQuery counting(TotalQuery all, TotalMode mode, int cheap) {
        return mode == TotalMode.ESTIMATE ? all.estimatedBeyond(cheap) : all;
    }

    /** What clients are told of searches that may not find everything. */
    static List<Answer.Entry> missing(ResourceStore store, Collection<SearchRequest> searches) {
        Stream<SearchRequest> byFields =
                searches.stream().filter(search -> !search.parameters().isEmpty());
        return missing(store, types(searches.stream()), types(byFields));
    }

    /** The same of a search that looks at fields of all of these types. */
    static List<Answer.Entry> missing(ResourceStore store, Set<String> types) {
        return missing(store, types, types);
    }

    private static List<Answer.Entry> missing(ResourceStore store, Set<String> types, Set<String> byFields) {
        Set<String> incomplete = new TreeSet<>(store.incompleteTypes());
        incomplete.retainAll(byFields);
        return Stream.of(missing(incomplete), new NeverCopied(store).warning(types))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Set<String> types(Stream<SearchRequest> searches) {
        return searches.flatMap(search -> search.types().stream()).collect(Collectors.toSet());
    }

    private static Optional<Answer.Entry> missing(Collection<String> incomplete) {
        return incomplete.isEmpty()
                ? Optional.empty()
                : Optional.of(new Answer.Warnings(
                        "incomplete",
                        List.of("some of " + String.join(", ", incomplete)
                                + " may be missing: search parameters have changed, and what is searched of them could not be made"
                                + " anew")));
    }

    /** The total, where it is known, or estimated because that was asked for. */
    @Nullable
    Long shownTotal() {
        return total == null ? null : Long.valueOf(total.matches());
    }

    /**
     * The entries of the bundle.
     *
     * @param shapes which parts are shown of a match, by its type
     * @param missing what may not have been found
     */
    List<Answer.Entry> entries(
            FhirRequest request,
            Function<String, Shape> shapes,
            Collection<String> warnings,
            List<Answer.Entry> missing) {
        List<Answer.Entry> entries = new ArrayList<>(matches.resources().size() + 1);
        for (ResourceVersion.Live match : matches.resources()) {
            Shape shape = shapes.apply(match.key().type());
            entries.add(new Answer.Match(match.showing(request.shown(match.fhir(), shape))));
        }
        included.resources().forEach(each -> entries.add(new Answer.Included(each)));
        if (included.more()) {
            entries.add(new Answer.Warnings("incomplete", List.of(NOT_ALL)));
        }
        entries.addAll(missing);
        if (!warnings.isEmpty()) {
            entries.add(new Answer.Warnings("not-supported", List.copyOf(warnings)));
        }
        return entries;
    }
}
