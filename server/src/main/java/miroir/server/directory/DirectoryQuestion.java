package miroir.server.directory;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import miroir.index.NearestName;
import miroir.index.Refusal;
import miroir.index.search.QueryParameter;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of {@code $directory-search}, each given once.
 *
 * @param values by name, stripped and not empty
 */
public record DirectoryQuestion(Map<String, String> values) {
    public static final String COUNT = "_count";
    private static final String ACTIVE = "active";
    private static final String FUZZY = "fuzzy";

    /** What somebody may be known by. */
    public static final List<String> CRITERIA = List.of(
            "name",
            "family",
            "given",
            "profession",
            "specialty",
            "city",
            "postalcode",
            "department",
            "insee",
            "street",
            "organization",
            "mss",
            "identifier");

    private static final List<String> ALLOWED =
            Stream.concat(CRITERIA.stream(), Stream.of(ACTIVE, FUZZY, COUNT)).toList();
    private static final int LONGEST = 200;
    private static final Pattern CODE = Pattern.compile("\\S*[|0-9]\\S*|[A-Z]{1,4}");

    public DirectoryQuestion {
        values = Map.copyOf(values);
    }

    /** What of people is shown by whether they are active. */
    public enum Activity {
        /** Those that are not said to be inactive. */
        NOT_INACTIVE,
        ACTIVE,
        INACTIVE,
        ANY
    }

    /** Reads them; refuses what is not known, given twice or empty, and where nobody in particular is asked for. */
    public static DirectoryQuestion of(List<QueryParameter> query) {
        Map<String, String> values = new LinkedHashMap<>();
        for (QueryParameter given : query) {
            if (!ALLOWED.contains(given.name())) {
                throw refused("the parameter \"" + Refusal.shown(given.name()) + "\" means nothing here; "
                        + NearestName.hint(given.name(), ALLOWED));
            }
            String value = within(given.name(), given.value().strip(), LONGEST);
            if (value.isEmpty()) {
                throw refused("the parameter \"" + given.name() + "\" is empty");
            }
            if (values.put(given.name(), value) != null) {
                throw refused("the parameter \"" + given.name() + "\" is given twice; allowed is once");
            }
        }
        DirectoryQuestion question = new DirectoryQuestion(values);
        question.requireCriteria();
        question.activity();
        question.isFuzzy();
        return question;
    }

    private void requireCriteria() {
        if (CRITERIA.stream().noneMatch(values::containsKey)) {
            throw refused(
                    "nobody in particular is asked for; at least one is needed of " + String.join(", ", CRITERIA));
        }
    }

    /** The value of a parameter; null where it is not given. */
    public @Nullable String value(String name) {
        return values.get(name);
    }

    /** What of people is shown. */
    public Activity activity() {
        String value = values.get(ACTIVE);
        if (value == null) {
            return Activity.NOT_INACTIVE;
        }
        return switch (value) {
            case "true" -> Activity.ACTIVE;
            case "false" -> Activity.INACTIVE;
            case "any" -> Activity.ANY;
            default -> throw refused(ACTIVE + " is \"" + Refusal.shown(value) + "\"; allowed are true, false, any");
        };
    }

    /** Whether typing errors are tolerated. */
    public boolean isFuzzy() {
        String value = values.getOrDefault(FUZZY, "false");
        if (!Set.of("true", "false").contains(value)) {
            throw refused(FUZZY + " is \"" + Refusal.shown(value) + "\"; allowed are true, false");
        }
        return value.equals("true");
    }

    /** Whether a value is a code, with or without its system; otherwise it is what people say for one. */
    public static boolean isCode(String value) {
        return CODE.matcher(value).matches();
    }

    /** What is called as is asked. */
    public AskedPerson person() {
        return AskedPerson.of(value("name"), value("family"), value("given"));
    }

    static String within(String name, String value, int longest) {
        if (value.length() > longest) {
            throw refused(name + " has " + value.length() + " characters; allowed are at most " + longest);
        }
        return value;
    }

    static Refusal refused(String message) {
        return new Refusal(Refusal.Reason.INVALID, message);
    }
}
