package miroir.server.directory;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.index.search.QueryParameter;
import miroir.index.value.FoldedText;

/**
 * What somebody typed in one line, as questions that {@code $directory-search} understands.
 *
 * <p>Problem: people type {@code martin cardiologue 13005}, in any order; the operation wants to be told of each word what it is, and of most words
 * nobody can tell. Martin is a name and a first name, Paris a town and a name, Saint-Antoine a town and a hospital.
 *
 * <p>Approach: what can be one thing only is taken for that: five digits are a postal code, longer numbers an RPPS or another identifier, what has an @ is a
 * mailbox, what is in quotation marks is what a place is called, and two or three digits are a department where that is said, {@code (13)} or {@code dept 13}. The
 * words that are left are a name. Where nobody is called so they are read in other ways, one after the other until somebody is found: the
 * last of them as a town, as a profession or specialty, the first as these; all of them as a town, a profession, an organization. Particles stay with what follows them. Whoever shows
 * what was found says how it was read, and can offer the other ways: so a wrong guess is seen, and is one click from the right one.
 *
 * <p>Cost: what nobody is found by is asked as often as there are readings, {@value #MOST} times at most, each answered from the indexes of names or
 * towns. What is found by the first reading, as most is, is asked once.
 *
 * <p>Why not tables of towns, professions and first names: they would have to be those of what is stored here and of nothing else, to be kept like
 * these; and what is in two of them would still have to be guessed.
 */
public final class TypedLine {
    /** Of its letters. */
    public static final int LONGEST = 200;

    /** Of readings. */
    static final int MOST = 14;

    private static final int MOST_WORDS = 8;

    /** Of words in the name of a town, such as Saint Rémy de Provence. */
    private static final int LONGEST_TOWN = 4;

    private static final Pattern PIECE = Pattern.compile(
            "\"([^\"]*)\"|«([^»]*)»|“([^”]*)”|([^\\s\\p{Z},;\"«»“”]+)", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern POSTAL_CODE = Pattern.compile("[0-9]{5}");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{8,15}");
    private static final Pattern DEPARTMENT = Pattern.compile("[0-9]{2,3}|2[ABab]");
    private static final Set<String> SAYS_DEPARTMENT = Set.of("departement", "department", "dept", "dep", "dpt");

    /** No name ends with one of them, and no town begins with one. */
    private static final Set<String> JOIN = Set.of("en", "sur", "sous", "aux", "lez", "et");

    /**
     * One way to read it.
     *
     * @param parts as the operation has them, in the order in which people would say them
     */
    public record Reading(List<QueryParameter> parts) {
        public Reading {
            parts = List.copyOf(parts);
        }

        /** Whether one of its parts is called so. */
        public boolean has(String parameter) {
            return parts.stream().anyMatch(part -> part.name().equals(parameter));
        }
    }

    /** What can be one thing only, by parameter. */
    private final Map<String, String> certain = new LinkedHashMap<>();

    private final List<String> words = new ArrayList<>();

    private TypedLine() {}

    /** All ways to read a line, the likeliest first; refuses one in which nothing is asked, or more than one can mean. */
    public static List<Reading> readings(String typed) {
        if (typed.length() > LONGEST) {
            throw refused("q has " + typed.length() + " characters; allowed are at most " + LONGEST);
        }
        TypedLine line = new TypedLine();
        line.read(typed);
        return line.readings();
    }

    // --- what is certain

    private void read(String typed) {
        boolean saysDepartment = false;
        Matcher piece = PIECE.matcher(typed);
        while (piece.find()) {
            String word = piece.group(4);
            if (word == null) {
                quoted(Stream.of(1, 2, 3)
                        .map(piece::group)
                        .filter(text -> text != null)
                        .findFirst()
                        .orElse(""));
            } else if (saysDepartment && DEPARTMENT.matcher(word).matches()) {
                words.remove(words.size() - 1);
                add("department", word);
            } else {
                word(word);
            }
            saysDepartment = word != null && SAYS_DEPARTMENT.contains(FoldedText.fold(word.replace(".", "")));
        }
        if (words.size() > MOST_WORDS) {
            throw refused("q has " + words.size()
                    + " words beside numbers and what is in quotation marks; allowed are at most " + MOST_WORDS);
        }
        if (words.isEmpty() && certain.isEmpty()) {
            throw refused("q is \"" + Refusal.shown(typed) + "\", which has no letter and no number to look for");
        }
    }

    private void quoted(String text) {
        if (!isSaying(text)) {
            return;
        }
        if (certain.containsKey("organization")) {
            throw refused("q has two texts in quotation marks; allowed is one, what a place is called");
        }
        certain.put("organization", text.strip());
    }

    private void word(String word) {
        if (POSTAL_CODE.matcher(word).matches()) {
            add("postalcode", word);
        } else if (NUMBER.matcher(word).matches()) {
            add("identifier", word);
        } else if (isDepartmentInParentheses(word)) {
            add("department", word.substring(1, word.length() - 1));
        } else if (word.indexOf('@') >= 0) {
            mailbox(word);
        } else if (isSaying(word)) {
            words.add(word);
        }
    }

    private static boolean isDepartmentInParentheses(String word) {
        return word.startsWith("(")
                && word.endsWith(")")
                && DEPARTMENT.matcher(word.substring(1, word.length() - 1)).matches();
    }

    private void mailbox(String word) {
        if (certain.put("mss", word) != null) {
            throw refused("q has two mailboxes; allowed is one");
        }
    }

    /** One of several is enough. */
    private void add(String parameter, String value) {
        certain.merge(parameter, value, (before, next) -> before + "," + next);
    }

    private static boolean isSaying(String text) {
        return text.codePoints().anyMatch(Character::isLetterOrDigit);
    }

    // --- what is not

    private List<Reading> readings() {
        List<Reading> readings = new ArrayList<>();
        int count = words.size();
        if (count == 0) {
            return List.of(reading(List.of()));
        }
        add(readings, "name", count, "");
        for (int town = 1; town <= Math.min(LONGEST_TOWN, count - 1); town++) {
            add(readings, "name", count - town, "city");
        }
        if (count > 1) {
            add(readings, "name", count - 1, "specialty");
            add(readings, "specialty", 1, "name");
            add(readings, "specialty", 1, "city");
        }
        if (count > 2) {
            add(readings, "specialty", count - 1, "city");
        }
        if (count > 1) {
            add(readings, "city", 1, "name");
        }
        add(readings, "city", count, "");
        add(readings, "specialty", count, "");
        add(readings, "organization", count, "");
        if (count > 1) {
            add(readings, "name", 1, "organization");
        }
        return List.copyOf(readings);
    }

    /** The first words as one thing, and the others as another. */
    private void add(List<Reading> readings, String first, int count, String second) {
        boolean isWhole = count == words.size();
        if ((!isWhole && isWithin(count)) || certain.containsKey(first) || certain.containsKey(second)) {
            return;
        }
        List<QueryParameter> parts = new ArrayList<>(List.of(part(first, words.subList(0, count))));
        if (!isWhole) {
            parts.add(part(second, words.subList(count, words.size())));
        }
        Reading reading = reading(parts);
        if (!readings.contains(reading)) {
            readings.add(reading);
        }
    }

    /** Whether the word before belongs to the one behind, or the other way round. */
    private boolean isWithin(int place) {
        String before = FoldedText.fold(words.get(place - 1));
        return AskedName.isParticle(before)
                || JOIN.contains(before)
                || JOIN.contains(FoldedText.fold(words.get(place)));
    }

    private static QueryParameter part(String parameter, List<String> some) {
        return new QueryParameter(parameter, String.join(" ", some));
    }

    private Reading reading(List<QueryParameter> parts) {
        List<QueryParameter> all = new ArrayList<>(parts);
        certain.forEach((parameter, value) -> all.add(new QueryParameter(parameter, value)));
        return new Reading(all);
    }

    private static Refusal refused(String message) {
        return new Refusal(Refusal.Reason.INVALID, message);
    }
}
