package miroir.simulator.query;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import miroir.simulator.Kind;
import miroir.simulator.life.Span;
import miroir.simulator.life.Standing;

/**
 * A search that was understood.
 *
 * @param text as it was asked, for links
 * @param span of {@code _lastUpdated}
 * @param ids as asked for; empty for all
 * @param quick what can be decided without the content
 * @param criteria what takes the content to decide
 * @param count how many on a page
 * @param elements what of each; empty for all
 */
record Query(
        Kind kind,
        String text,
        Span span,
        List<String> ids,
        List<Predicate<Standing>> quick,
        List<Criterion> criteria,
        int count,
        Total total,
        Set<String> elements,
        List<Inclusion> includes,
        List<Inclusion> revincludes) {

    /** What was said about the total. */
    enum Total {
        UNSAID,
        NONE,
        ACCURATE
    }
}
