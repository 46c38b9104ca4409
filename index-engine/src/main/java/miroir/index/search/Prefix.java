package miroir.index.search;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import miroir.index.Refusal;

/** How a date or a number is compared with the one that is searched for. */
public enum Prefix {
    /** All that the stored one may mean is within the one searched for. */
    EQ,
    /** Not so. */
    NE,
    /** Something of it is above all of the one searched for. */
    GT,
    /** {@link #GT} or {@link #EQ}. */
    GE,
    /** Something of it is below all of the one searched for. */
    LT,
    /** {@link #LT} or {@link #EQ}. */
    LE,
    /** All of it is above. */
    SA,
    /** All of it is below. */
    EB,
    /** It overlaps the one searched for, widened by a tenth: of its value, or of its distance from now. */
    AP;

    /** All of them, as they are written. */
    public static final String ALL = Arrays.stream(values()).map(Prefix::code).collect(Collectors.joining(", "));

    private static final int LETTERS = 2;

    /** As it is written in front of the value. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The prefix of a value, which is {@link #EQ} where it starts with no letter. */
    static Prefix of(String value, String example) {
        if (!startsWithLetter(value)) {
            return EQ;
        }
        String start = value.substring(0, Math.min(LETTERS, value.length()));
        for (Prefix prefix : values()) {
            if (prefix.code().equals(start)) {
                return prefix;
            }
        }
        String lower = start.toLowerCase(Locale.ROOT);
        throw new Refusal(
                Refusal.Reason.INVALID,
                "\"" + Refusal.shown(value) + "\" starts with a prefix that does not exist; allowed are " + ALL
                        + " in lower case, or none, in front of " + example
                        + (ALL.contains(lower) ? "; did you mean \"" + lower + "\"?" : ""));
    }

    /** What stands behind the prefix of a value that {@link #of} has accepted. */
    static String stripped(String value) {
        return startsWithLetter(value) ? value.substring(LETTERS) : value;
    }

    private static boolean startsWithLetter(String value) {
        return !value.isEmpty() && Character.isLetter(value.charAt(0));
    }
}
