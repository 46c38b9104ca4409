package miroir.index.structure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The codes that a required binding allows.
 *
 * @param codes in the order of the value set; empty: any code
 * @param systems of those codes that belong to one code system only
 */
public record CodeList(List<String> codes, Map<String, String> systems) {
    /** Where the specification does not enumerate the codes. */
    static final CodeList ANY = new CodeList(List.of(), Map.of());

    public CodeList {
        codes = List.copyOf(codes);
        systems = Map.copyOf(systems);
    }

    /** Reads the two columns of the table: codes, and runs of their systems such as {@code http://a*3 http://b*1}. */
    static CodeList read(String codes, String runs) {
        List<String> all = List.of(codes.split(" ", -1));
        List<String> systemOf = new ArrayList<>();
        for (String run : runs.split(" ", -1)) {
            int star = run.lastIndexOf('*');
            for (int left = Integer.parseInt(run.substring(star + 1)); left > 0; left--) {
                systemOf.add(run.substring(0, star));
            }
        }
        Map<String, String> systems = new LinkedHashMap<>();
        for (int i = 0; i < all.size(); i++) {
            if (!systemOf.get(i).isEmpty()) {
                systems.put(all.get(i), systemOf.get(i));
            }
        }
        return new CodeList(all, systems);
    }
}
