package miroir.server.alerts;

import java.util.List;
import java.util.Set;

/**
 * What is wrong, as far as could be seen.
 *
 * @param unknown of which kinds nobody can say anything now: of them holds what was so before
 */
record Found(List<Problem> problems, Set<Kind> unknown) {
    Found {
        problems = List.copyOf(problems);
        unknown = Set.copyOf(unknown);
    }
}
