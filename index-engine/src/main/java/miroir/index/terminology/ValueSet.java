package miroir.index.terminology;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a value set says of its codes.
 *
 * @param expansion all codes, where the resource lists them; null where it does not, or lists a part
 * @param includes what is in it
 * @param excludes what is not, although it is included
 */
record ValueSet(@Nullable CodeSet expansion, List<Selection> includes, List<Selection> excludes) implements Definition {

    /**
     * Codes that meet all of this.
     *
     * @param system null: any
     * @param version of the system; null: any
     * @param codes null: all that the filters leave
     * @param valueSets names of other value sets, of which it has to be in each
     */
    record Selection(
            @Nullable String system,
            @Nullable String version,
            @Nullable List<String> codes,
            List<Filter> filters,
            List<String> valueSets) {}

    /** A condition on concepts of a code system. */
    record Filter(String property, String operator, String value) {}

    @Override
    public int weight() {
        int expanded = expansion == null
                ? 0
                : expansion.bySystem().values().stream()
                        .mapToInt(codes -> codes.codes().size())
                        .sum();
        return 1
                + expanded
                + Stream.concat(includes.stream(), excludes.stream())
                        .mapToInt(ValueSet::weight)
                        .sum();
    }

    private static int weight(Selection selection) {
        List<String> codes = selection.codes();
        return 3
                + (codes == null ? 0 : codes.size())
                + selection.filters().size()
                + selection.valueSets().size();
    }
}
