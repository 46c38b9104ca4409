package miroir.index.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Paths as operators write them, from the resource ({@code address.city}), made to start at its type as FHIR's own do
 * ({@code Organization.address.city}). Every branch of a union gets its start; a branch that has it keeps it.
 */
final class RelativePath {
    private static final Pattern START = Pattern.compile("(\\(*)([A-Za-z]\\w*)(.*)", Pattern.DOTALL);

    private RelativePath() {}

    static String from(String type, String path) {
        return branches(path).stream()
                .map(branch -> start(type, branch.strip()))
                .collect(Collectors.joining(" | "));
    }

    /** The branches that start at the type or at no type at all, with their start; others belong to other types. */
    static List<String> branchesOf(String type, String path, Set<String> types) {
        List<String> own = new ArrayList<>();
        for (String branch : branches(path)) {
            Matcher matcher = START.matcher(branch.strip());
            boolean other = matcher.matches()
                    && types.contains(matcher.group(2))
                    && !matcher.group(2).equals(type);
            if (!other) {
                own.add(start(type, branch.strip()));
            }
        }
        return own;
    }

    private static String start(String type, String branch) {
        Matcher matcher = START.matcher(branch);
        if (!matcher.matches() || matcher.group(2).equals(type)) {
            return branch;
        }
        boolean general =
                matcher.group(2).equals("Resource") || matcher.group(2).equals("DomainResource");
        return matcher.group(1) + type + (general ? "" : "." + matcher.group(2)) + matcher.group(3);
    }

    private static List<String> branches(String path) {
        List<String> branches = new ArrayList<>();
        int depth = 0;
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            quoted ^= c == '\'';
            depth += quoted ? 0 : c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == '|' && depth == 0 && !quoted) {
                branches.add(path.substring(start, i));
                start = i + 1;
            }
        }
        branches.add(path.substring(start));
        return branches;
    }
}
