package miroir.server.fhir;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import miroir.index.json.Shape;
import miroir.index.search.SearchRequest;
import miroir.index.search.TotalMode;
import miroir.index.store.Page;
import miroir.index.store.ResourceVersion;
import miroir.index.store.Total;
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
     * @param cheap how far is counted for an estimate
     * @param count counts up to a number
     */
    SearchPage counted(SearchRequest search, long cheap, LongFunction<Total> count) {
        if (search.count() == 0) {
            return with(count.apply(Long.MAX_VALUE));
        }
        if (search.total() == TotalMode.NONE) {
            return with(null);
        }
        if (!matches.more()) {
            return with(new Total(matches.resources().size(), true));
        }
        return switch (search.total()) {
            case ACCURATE -> with(count.apply(Long.MAX_VALUE));
            case ESTIMATE -> with(count.apply(cheap));
            case NONE, UNASKED -> with(null);
        };
    }

    /** The total, where it is exactly known. */
    @Nullable
    Long exactTotal() {
        return total != null && total.exact() ? Long.valueOf(total.matches()) : null;
    }

    /**
     * The entries of the bundle.
     *
     * @param shapes which parts are shown of a match, by its type
     */
    List<Answer.Entry> entries(FhirRequest request, Function<String, Shape> shapes, Collection<String> warnings) {
        List<Answer.Entry> entries = new ArrayList<>(matches.resources().size() + 1);
        for (ResourceVersion.Live match : matches.resources()) {
            Shape shape = shapes.apply(match.key().type());
            entries.add(new Answer.Match(match.showing(request.shown(match.fhir(), shape))));
        }
        included.resources().forEach(each -> entries.add(new Answer.Included(each)));
        if (included.more()) {
            entries.add(new Answer.Warnings("incomplete", List.of(NOT_ALL)));
        }
        if (!warnings.isEmpty()) {
            entries.add(new Answer.Warnings("not-supported", List.copyOf(warnings)));
        }
        return entries;
    }
}
