package miroir.index.structure;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import miroir.index.NearestName;

/** Which resource types an installation serves, as its configuration names them. */
public final class ServedTypes {
    /** Every type of R4. */
    public static final String ALL = "all";

    /** The types of the health directory, and those of its code tables. */
    public static final String DIRECTORY = "directory";

    private static final List<String> OF_DIRECTORY = List.of(
            "Practitioner",
            "PractitionerRole",
            "Organization",
            "HealthcareService",
            "Device",
            "CodeSystem",
            "ValueSet");

    private ServedTypes() {}

    /**
     * The types of {@code directory}, of {@code all}, or those of a list with commas, in which {@code directory} stands for its types; nothing means the directory's.
     *
     * @throws IllegalArgumentException for what is no resource type
     */
    public static Set<String> of(String text) {
        return switch (text) {
            case "", DIRECTORY -> new LinkedHashSet<>(OF_DIRECTORY);
            case ALL -> Structures.r4().resourceTypes();
            default -> listed(text);
        };
    }

    private static Set<String> listed(String text) {
        Set<String> known = Structures.r4().resourceTypes();
        Set<String> listed = new LinkedHashSet<>();
        for (String type : Arrays.stream(text.split(",", -1)).map(String::strip).toList()) {
            if (type.equals(DIRECTORY)) {
                listed.addAll(OF_DIRECTORY);
                continue;
            }
            if (!known.contains(type)) {
                throw new IllegalArgumentException("\"" + type + "\" is not directory, all or a resource type; "
                        + NearestName.hint(type, List.copyOf(known)));
            }
            listed.add(type);
        }
        return listed;
    }
}
