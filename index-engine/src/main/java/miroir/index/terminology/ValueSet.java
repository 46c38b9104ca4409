package miroir.index.terminology;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a value set says of its codes.
 *
 * @param expansion all codes, where the resource lists them; null where it does not, or lists a part
 * @param includes what is in it
 * @param excludes what is not, although it is included
 * @param isActiveOnly whether inactive codes are not included either
 */
record ValueSet(@Nullable CodeSet expansion, List<Selection> includes, List<Selection> excludes, boolean isActiveOnly)
        implements Definition {

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
}
