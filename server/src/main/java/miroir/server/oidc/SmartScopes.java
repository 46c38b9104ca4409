package miroir.server.oidc;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import miroir.index.Refusal;
import miroir.server.access.Permission;
import miroir.server.access.Right;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scopes of SMART App Launch as permissions: {@code system/Organization.rs?address-postalcode=75001}, {@code user/Practitioner.read}. What is not
 * understood allows nothing, as OAuth wants it; so do scopes of a patient, of whom this server knows nothing.
 */
final class SmartScopes {
    private static final Logger LOG = LoggerFactory.getLogger(SmartScopes.class);

    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    private static final Pattern SCOPE =
            Pattern.compile("(?:system|user)/(\\*|[A-Z][A-Za-z]{1,63})\\.([a-z*]{1,6})(?:\\?([!-~]+))?");

    /** In no other order. */
    private static final Pattern LETTERS = Pattern.compile("(?=.)c?r?u?d?s?");

    private static final Map<String, String> OF_VERSION_1 = Map.of("read", "rs", "write", "cud", "*", "cruds");

    private record Target(String type, String query) {}

    private SmartScopes() {}

    /** What they allow together. */
    static List<Permission> permissions(Collection<String> scopes) {
        Map<Target, Set<Character>> letters = new LinkedHashMap<>();
        for (String scope : scopes) {
            Matcher matcher = SCOPE.matcher(scope);
            String granted = scope.length() <= Permission.LONGEST && matcher.matches() ? letters(matcher) : "";
            if (granted.isEmpty()) {
                LOG.debug(
                        "the scope {} allows nothing here",
                        CONTROL.matcher(Refusal.shown(scope)).replaceAll("?"));
                continue;
            }
            String query = matcher.group(3);
            Set<Character> known = letters.computeIfAbsent(
                    new Target(matcher.group(1), query == null ? "" : query), target -> new TreeSet<>());
            granted.chars().forEach(letter -> known.add((char) letter));
        }
        List<Permission> permissions = new ArrayList<>();
        letters.forEach((target, of) -> permissions.add(new Permission(rights(of), target.type(), target.query())));
        return permissions;
    }

    /** Version 1 knows no searches. */
    private static String letters(Matcher matcher) {
        String word = matcher.group(2);
        if (LETTERS.matcher(word).matches()) {
            return word;
        }
        return matcher.group(3) == null ? OF_VERSION_1.getOrDefault(word, "") : "";
    }

    /**
     * {@code r} is about one resource whose id is known, and {@code s} about what a type has, its history included. {@link Right#HISTORY} is both,
     * so it takes both.
     */
    private static Set<Right> rights(Set<Character> letters) {
        Set<Right> rights = EnumSet.noneOf(Right.class);
        for (char letter : letters) {
            rights.add(
                    switch (letter) {
                        case 'c' -> Right.CREATE;
                        case 'r' -> Right.READ;
                        case 'u' -> Right.UPDATE;
                        case 'd' -> Right.DELETE;
                        default -> Right.SEARCH;
                    });
        }
        if (rights.contains(Right.READ) && rights.contains(Right.SEARCH)) {
            rights.add(Right.HISTORY);
        }
        return rights;
    }
}
