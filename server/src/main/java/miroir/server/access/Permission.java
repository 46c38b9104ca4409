package miroir.server.access;

import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import miroir.index.Refusal;

/**
 * Rights on a type, or on all of them, for all its resources or those that meet a search: {@code READ, SEARCH on *},
 * {@code UPDATE on Organization?address-postalcode=75001}.
 *
 * @param type {@code *}: all types
 * @param query as behind the question mark of a search; empty: all resources
 */
public record Permission(Set<Right> rights, String type, String query) {
    static final String ALL = "*";

    /** How many characters one has at most. */
    public static final int LONGEST = 2_000;

    private static final String ON = " on ";

    public Permission {
        rights = Set.copyOf(rights);
    }

    /** Reads one as people write it. */
    public static Permission of(String text) {
        if (text.length() > LONGEST) {
            throw refused(text, "it has " + text.length() + " characters; allowed are " + LONGEST);
        }
        int on = text.indexOf(ON);
        if (on < 0) {
            throw refused(text, "it is not of the form READ, SEARCH on Practitioner?[search]");
        }
        String of = text.substring(on + ON.length()).strip();
        int mark = of.indexOf('?');
        String type = mark < 0 ? of : of.substring(0, mark);
        if (!type.equals(ALL) && !type.matches("[A-Z][A-Za-z]{1,63}")) {
            throw refused(text, "\"" + Refusal.shown(type) + "\" is neither a type nor *");
        }
        if (mark == of.length() - 1) {
            throw refused(text, "nothing stands behind the question mark");
        }
        return new Permission(rights(text, text.substring(0, on)), type, mark < 0 ? "" : of.substring(mark + 1));
    }

    private static Set<Right> rights(String text, String names) {
        Set<Right> rights = EnumSet.noneOf(Right.class);
        for (String name : names.split(",", -1)) {
            rights.add(Right.named(name.strip())
                    .orElseThrow(() -> refused(
                            text,
                            "\"" + Refusal.shown(name.strip()) + "\" is no right; there are " + Right.allNames())));
        }
        return rights;
    }

    private static Refusal refused(String text, String why) {
        return new Refusal(Refusal.Reason.INVALID, "the permission \"" + Refusal.shown(text) + "\": " + why);
    }

    /** Whether it says something of that right on that type. */
    boolean isAbout(Right right, String asked) {
        return rights.contains(right) && (type.equals(ALL) || type.equals(asked));
    }

    /** As people write it. */
    @Override
    public String toString() {
        return new TreeSet<>(rights).stream().map(Right::name).collect(Collectors.joining(", "))
                + ON
                + type
                + (query.isEmpty() ? "" : "?" + query);
    }
}
