package miroir.sql.copy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import miroir.index.yaml.ConfigurationRefused;
import miroir.sql.database.TableState;
import miroir.sql.table.Table;

/**
 * What has to be built before a copy can be followed.
 *
 * <p>All tables of a copy are as of one instant, always. So where some tables stay, the others are built as at the instant of those, which the store still knows, and come in when they are whole;
 * those that stay wait for that. Where none stays, all are built as at present.
 *
 * @param build what is built
 * @param remove tables of views that nobody wants any more
 * @param asOf as at when it is built
 * @param why in a few words, for people; an empty text: there is nothing to do
 */
record PlanTables(List<Table> build, List<String> remove, Instant asOf, String why) {
    /** Clocks of servers that take turns may be so far apart. */
    private static final Duration SPARE = Duration.ofMinutes(1);

    /**
     * Where a copy stands, and where it could.
     *
     * @param known what is written down of its tables
     * @param relations what is there
     * @param source which store this is
     * @param settled up to when its commits are known
     * @param rebuildAfter what is further behind is built anew
     * @param anyway whether all is to be built anew
     */
    record Situation(
            Map<String, TableState> known,
            Set<String> relations,
            String source,
            Instant settled,
            Duration rebuildAfter,
            boolean anyway) {

        private Instant asOf() {
            return known.values().stream()
                    .map(TableState::asOf)
                    .min(Instant::compareTo)
                    .orElse(settled);
        }

        /** Why nothing of it can be followed; an empty text: it can. */
        private String whyAll() {
            if (known.isEmpty()) {
                return "it is new";
            }
            if (anyway) {
                return "somebody wants it";
            }
            if (known.values().stream().anyMatch(each -> !each.source().equals(source))) {
                return "it is a copy of another database";
            }
            if (asOf().isAfter(settled.plus(SPARE))) {
                return "the database is older than the copy, as of " + asOf() + ": it was restored";
            }
            return asOf().isBefore(settled.minus(rebuildAfter))
                    ? "it is as of " + asOf() + ", which is longer ago than rebuildAfter"
                    : "";
        }
    }

    static PlanTables of(List<Table> wanted, Situation now) {
        requireFree(wanted, now);
        List<String> remove = now.known().keySet().stream()
                .filter(name -> wanted.stream().noneMatch(each -> each.name().equals(name)))
                .toList();
        String whyAll = now.whyAll();
        if (!whyAll.isEmpty()) {
            return new PlanTables(wanted, remove, now.settled(), "all of it, since " + whyAll);
        }
        List<Table> stale = wanted.stream().filter(each -> isStale(each, now)).toList();
        Instant asOf = stale.size() == wanted.size() ? now.settled() : now.asOf();
        return new PlanTables(stale, remove, asOf, why(stale, remove));
    }

    private static String why(List<Table> stale, List<String> remove) {
        List<String> parts = new ArrayList<>();
        if (!stale.isEmpty()) {
            parts.add(stale.stream().map(Table::name).collect(Collectors.joining(", "))
                    + ", since views were added or changed");
        }
        if (!remove.isEmpty()) {
            parts.add("without " + String.join(", ", remove));
        }
        return String.join("; ", parts);
    }

    private static boolean isStale(Table table, Situation now) {
        TableState state = now.known().get(table.name());
        return state == null
                || !state.fingerprint().equals(table.fingerprint())
                || !now.relations().contains(table.name());
    }

    /** What somebody else made is not written over. */
    private static void requireFree(List<Table> wanted, Situation now) {
        for (Table table : wanted) {
            if (now.relations().contains(table.name()) && !now.known().containsKey(table.name())) {
                throw new ConfigurationRefused(
                        table.viewId(),
                        "there is a table or view " + table.name()
                                + " already, which is not of this copy; choose another file or schema, or give the view another name");
            }
        }
    }
}
