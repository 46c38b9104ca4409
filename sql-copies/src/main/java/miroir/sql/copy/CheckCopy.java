package miroir.sql.copy;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import miroir.sql.database.Ledger;
import miroir.sql.database.Place;
import miroir.sql.database.TableState;
import miroir.sql.database.Target;
import miroir.sql.table.Cells;
import miroir.sql.table.SqlNames;
import miroir.sql.table.Table;
import org.jspecify.annotations.Nullable;

/**
 * Compares a copy with its views, evaluated over the store as it was at the instant of the copy, cell by cell. The copy is read as at one moment, whoever writes it meanwhile. A page of resources
 * is held against the rows that they have in the copy; what the copy has besides shows in the number of its rows.
 */
public final class CheckCopy {
    private static final int NAMED = 10;
    private static final String NOTHING = "NULL";

    private final Place place;
    private final StoreReader store;
    private final List<Table> tables;
    private final BooleanSupplier goesOn;

    public CheckCopy(Place place, StoreReader store, List<Table> tables, BooleanSupplier goesOn) {
        this.place = place;
        this.store = store;
        this.tables = List.copyOf(tables);
        this.goesOn = goesOn;
    }

    /**
     * What came of it.
     *
     * @param asOf as at when it was compared; null: there is no copy
     * @param rows how many rows were compared
     * @param differing how many resources have other rows than they should
     * @param named some of what is wrong, in words
     */
    public record Report(@Nullable Instant asOf, long rows, long differing, List<String> named) {
        public Report {
            named = List.copyOf(named);
        }

        public boolean isEqual() {
            return asOf != null && named.isEmpty();
        }
    }

    /** Compares all of it. */
    public Report run() throws SQLException {
        try (Target target = place.openToRead()) {
            List<String> frozen =
                    new ArrayList<>(tables.stream().map(Table::name).toList());
            frozen.add(SqlNames.LEDGER);
            target.freeze(frozen);
            if (!target.relations().contains(SqlNames.LEDGER)) {
                return new Report(null, 0, 0, List.of("there is no copy yet"));
            }
            Map<String, TableState> known = new Ledger(target).all();
            Run run = new Run(target);
            run.requireOneInstant(known.values());
            for (Table table : tables) {
                TableState state = known.get(table.name());
                if (state == null) {
                    run.name(table.name() + " is missing");
                } else if (!state.fingerprint().equals(table.fingerprint())) {
                    run.name(table.name() + " is of the view as it was before it changed");
                } else {
                    run.compare(table, state);
                }
            }
            known.keySet().stream()
                    .filter(name ->
                            tables.stream().noneMatch(each -> each.name().equals(name)))
                    .forEach(name -> run.name(name + " is of a view that is not wanted any more"));
            Instant asOf =
                    known.values().stream().map(TableState::asOf).findFirst().orElse(null);
            return new Report(asOf, run.rows, run.differing, run.named);
        }
    }

    /** One comparison. */
    private final class Run {
        private final Target target;
        private final List<String> named = new ArrayList<>();
        private long rows;
        private long differing;

        Run(Target target) {
            this.target = target;
        }

        void name(String what) {
            if (named.size() < NAMED) {
                named.add(what);
            }
        }

        /** What is promised first of all. */
        void requireOneInstant(Collection<TableState> states) {
            Set<Instant> instants =
                    states.stream().map(TableState::asOf).collect(Collectors.toCollection(TreeSet::new));
            if (instants.size() > 1) {
                states.forEach(each -> name(each.table() + " is as of " + each.asOf() + ", and others are not"));
            }
        }

        void compare(Table table, TableState state) throws SQLException {
            StoreReader.Pages pages = store.held(table.resourceType(), state.asOf());
            Cells cells = new Cells(table);
            long compared = 0;
            while (pages.hasNext()) {
                Stopped.unless(goesOn);
                List<ResourceVersion.Live> page = pages.next();
                if (!page.isEmpty()) {
                    compared += compare(table, cells, page);
                }
            }
            long there = count(table);
            if (there != compared) {
                name(table.name() + " has " + there + " rows, of which " + compared
                        + " are of resources that were there" + tooMany(table));
            }
            if (there != state.rows()) {
                name(table.name() + " has " + there + " rows, and " + state.rows() + " are written down");
            }
            rows += compared;
        }

        private long compare(Table table, Cells cells, List<ResourceVersion.Live> page) throws SQLException {
            Map<String, List<String>> wanted = new HashMap<>();
            for (ResourceVersion.Live each : page) {
                List<String> ofOne = wanted.computeIfAbsent(each.key().id(), id -> new ArrayList<>());
                table.view().rows(each.fhir(), row -> ofOne.add(shown(table, cells.of(row))));
            }
            Map<String, List<String>> there = there(table, wanted.keySet());
            wanted.forEach((id, ofOne) -> {
                List<String> found = there.getOrDefault(id, new ArrayList<>());
                Collections.sort(ofOne);
                Collections.sort(found);
                if (!ofOne.equals(found)) {
                    differing++;
                    name(table.name() + ": " + table.resourceType() + "/" + id + " should have " + ofOne + " and has "
                            + found);
                }
            });
            return there.values().stream().mapToLong(List::size).sum();
        }

        private String shown(Table table, List<@Nullable Object> cells) {
            List<String> shown = new ArrayList<>();
            for (int i = 0; i < cells.size(); i++) {
                Object cell = cells.get(i);
                shown.add(
                        cell == null
                                ? NOTHING
                                : quoted(target.shown(table.columns().get(i).kind(), cell)));
            }
            return String.join(", ", shown);
        }

        private static String quoted(String text) {
            return "'" + text + "'";
        }

        private Map<String, List<String>> there(Table table, Set<String> owners) throws SQLException {
            Map<String, List<String>> there = new HashMap<>();
            try (ResultSet found = target.owned(table.name(), table, owners)) {
                while (found.next()) {
                    List<String> shown = new ArrayList<>();
                    for (int i = 0; i < table.columns().size(); i++) {
                        String cell = target.shown(
                                found, i + 2, table.columns().get(i).kind());
                        shown.add(cell == null ? NOTHING : quoted(cell));
                    }
                    there.computeIfAbsent(found.getString(1), id -> new ArrayList<>())
                            .add(String.join(", ", shown));
                }
            }
            return there;
        }

        private long count(Table table) throws SQLException {
            try (Statement statement = target.connection().createStatement();
                    ResultSet found =
                            statement.executeQuery("SELECT count(*) FROM " + target.qualified(table.name()))) {
                found.next();
                return found.getLong(1);
            }
        }

        /** Some of those that are not there any more; the store is asked as it is now, which does for telling somebody where to look. */
        private String tooMany(Table table) throws SQLException {
            Set<String> gone = new TreeSet<>();
            try (Statement statement = target.connection().createStatement();
                    ResultSet found = statement.executeQuery("SELECT DISTINCT " + SqlNames.quoted(SqlNames.OWNER)
                            + " FROM " + target.qualified(table.name()))) {
                while (found.next() && gone.size() < NAMED) {
                    String id = Objects.requireNonNull(found.getString(1));
                    if (!store.isThere(new ResourceKey(table.resourceType(), id))) {
                        gone.add(id);
                    }
                }
            }
            return gone.isEmpty() ? "" : "; among the others " + gone;
        }
    }
}
