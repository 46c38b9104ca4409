package miroir.index;

import java.util.List;
import java.util.regex.Pattern;

/** What can be computed from a selected text before it is indexed; the configuration names it in lower case. */
public enum ComputedValue {
    /**
     * The French department of a postal code, as its INSEE code.
     *
     * <p>The first two digits say it, except overseas, where it takes three ({@code 97120} is 971, {@code 98800} is 988),
     * and in Corsica, whose codes all begin with 20: 200, 201, 203 and 207 are Corse-du-Sud (2A), the others Haute-Corse
     * (2B). Codes of armies, of abroad and whatever is not five digits have none. Special delivery codes (CEDEX) follow
     * the same rule. A few communes are served from a neighbouring department: they are found under their postal code's.
     */
    DEPARTMENT_OF_POSTAL_CODE {
        @Override
        public List<String> of(String text) {
            String code = text.strip();
            if (!POSTAL_CODE.matcher(code).matches()) {
                return List.of();
            }
            if (code.startsWith("97") || code.startsWith("98")) {
                return List.of(code.substring(0, 3));
            }
            if (code.startsWith("20")) {
                return List.of("0137".indexOf(code.charAt(2)) >= 0 ? "2A" : "2B");
            }
            String department = code.substring(0, 2);
            return department.equals("00") || department.compareTo("95") > 0 ? List.of() : List.of(department);
        }
    };

    private static final Pattern POSTAL_CODE = Pattern.compile("[0-9]{5}");

    /** The values that are indexed instead of this one; possibly none. */
    public abstract List<String> of(String text);
}
