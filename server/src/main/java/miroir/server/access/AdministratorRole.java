package miroir.server.access;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import miroir.index.Refusal;

/** What an administrator may do; each may do what those before it may. */
public enum AdministratorRole {
    /** Is none. */
    NOBODY,
    /** Looks. */
    VIEWER,
    /** Revokes tokens, and blocks consumers. */
    OPERATOR,
    /** Everything. */
    ADMINISTRATOR;

    /** The role of that name. */
    public static AdministratorRole named(String name) {
        return Arrays.stream(values())
                .filter(role -> role != NOBODY && role.word().equals(name))
                .findFirst()
                .orElseThrow(() -> new Refusal(
                        Refusal.Reason.INVALID,
                        "\"" + Refusal.shown(name) + "\" is no role of administrators; there are "
                                + Arrays.stream(values())
                                        .filter(role -> role != NOBODY)
                                        .map(AdministratorRole::word)
                                        .collect(Collectors.joining(", "))));
    }

    /** As people write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it is this or more. */
    public boolean isAtLeast(AdministratorRole other) {
        return compareTo(other) >= 0;
    }
}
