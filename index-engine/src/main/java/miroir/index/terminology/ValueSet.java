package miroir.index.terminology;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a value set says of itself and of its codes.
 *
 * @param head what it is called
 * @param expansion all codes, where the resource lists them; null where it does not, or lists a part
 * @param includes what is in it
 * @param excludes what is not, although it is included
 * @param isActiveOnly whether inactive codes are not included either
 * @param displays what people read beside codes that are listed in it, as far as it says so itself
 */
public record ValueSet(
        Head head,
        @Nullable CodeSet expansion,
        List<Selection> includes,
        List<Selection> excludes,
        boolean isActiveOnly,
        Map<SystemAndCode, String> displays)
        implements Definition {

    /**
     * What a value set is called.
     *
     * @param status its code, as the resource has it
     */
    public record Head(
            @Nullable String url,
            @Nullable String version,
            @Nullable String name,
            @Nullable String title,
            String status) {}

    /** A code and whose it is. */
    public record SystemAndCode(String system, String code) {}

    /**
     * Codes that meet all of this.
     *
     * @param system null: any
     * @param version of the system; null: any
     * @param codes null: all that the filters leave
     * @param valueSets names of other value sets, of which it has to be in each
     */
    public record Selection(
            @Nullable String system,
            @Nullable String version,
            @Nullable List<String> codes,
            List<Filter> filters,
            List<String> valueSets) {}

    /** A condition on concepts of a code system. */
    public record Filter(String property, String operator, String value) {}
}
