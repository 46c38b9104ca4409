package miroir.server.alerts;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What was told of this server alone, in its memory, by the same rules as in {@link ToldProblems}: no other one knows of it, and one thing that it tells is that there is no
 * database to write it into. A restart forgets it, and what is still wrong is told again.
 */
final class RememberedProblems {
    private final BiPredicate<Instant, Instant> isDueAgain;
    private final Map<String, Known> known = new LinkedHashMap<>();

    /** @param told null: not yet, it was seen once */
    private record Known(Standing standing, @Nullable Instant told) {}

    /** @param isDueAgain whether what was told then is told again now */
    RememberedProblems(BiPredicate<Instant, Instant> isDueAgain) {
        this.isDueAgain = isDueAgain;
    }

    /** What is to be told now. */
    Announcement due(String channel, List<Problem> problems, String server, Instant now) {
        List<Standing> begun = new ArrayList<>();
        List<Standing> lasting = new ArrayList<>();
        for (Problem each : problems) {
            Known before = known.get(id(channel, each));
            if (before == null) {
                continue;
            }
            Standing standing = new Standing(each, before.standing().since());
            Instant told = before.told();
            if (told == null) {
                begun.add(standing);
            } else if (isDueAgain.test(told, now)) {
                lasting.add(standing);
            }
        }
        return new Announcement(server, now, begun, lasting, over(channel, problems));
    }

    private List<Standing> over(String channel, List<Problem> problems) {
        Set<String> there = ids(channel, problems);
        return known.entrySet().stream()
                .filter(each -> each.getKey().startsWith(channel + ":") && !there.contains(each.getKey()))
                .filter(each -> each.getValue().told() != null)
                .map(each -> each.getValue().standing())
                .toList();
    }

    /** Remembers what is there, and what was told of it. */
    void write(String channel, List<Problem> problems, Announcement told, Instant now) {
        Set<String> there = ids(channel, problems);
        known.keySet().removeIf(id -> id.startsWith(channel + ":") && !there.contains(id));
        problems.forEach(each -> known.putIfAbsent(id(channel, each), new Known(new Standing(each, now), null)));
        for (List<Standing> some : List.of(told.begun(), told.lasting())) {
            some.forEach(each -> known.put(id(channel, each.problem()), new Known(each, now)));
        }
    }

    private static Set<String> ids(String channel, List<Problem> problems) {
        Set<String> ids = new HashSet<>();
        problems.forEach(each -> ids.add(id(channel, each)));
        return ids;
    }

    private static String id(String channel, Problem problem) {
        return channel + ":" + problem.key();
    }
}
