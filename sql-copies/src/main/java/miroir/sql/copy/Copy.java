package miroir.sql.copy;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import miroir.index.Refusal;
import miroir.sql.copy.PlanTables.Situation;
import miroir.sql.database.Ledger;
import miroir.sql.database.Place;
import miroir.sql.database.ShowTables;
import miroir.sql.database.TableState;
import miroir.sql.database.Target;
import miroir.sql.table.SqlNames;
import miroir.sql.table.Table;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A copy that this process alone writes, over one connection.
 *
 * <p>What is promised: at any moment, whatever was killed, all tables of the copy are what their views make of the store as it was at one instant, which is written down beside them. So every
 * transaction leads from such a state to the next: that in which tables that were built aside are shown, and those in which changes come in.
 */
final class Copy implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Copy.class);

    /** Of so many the keys are held, which a small heap can. */
    private static final int MOST_COMMITS = 200_000;

    /** Each of some seconds. */
    private static final int TRIES = 100;

    private final Target target;
    private final Ledger ledger;
    private final StoreReader store;
    private final List<Table> tables;
    private final Set<String> types;
    private final ApplyChanges apply;
    private final Duration rebuildAfter;
    private final BooleanSupplier goesOn;
    private Instant asOf = Instant.EPOCH;

    private Copy(Target target, StoreReader store, List<Table> tables, Duration rebuildAfter, BooleanSupplier goesOn) {
        this.target = target;
        this.ledger = new Ledger(target);
        this.store = store;
        this.tables = tables;
        this.types = tables.stream().map(Table::resourceType).collect(Collectors.toCollection(TreeSet::new));
        this.apply = new ApplyChanges(target, ledger, store, tables);
        this.rebuildAfter = rebuildAfter;
        this.goesOn = goesOn;
    }

    /** Opens it; null where another process has it. */
    static @Nullable Copy open(
            Place place, StoreReader store, List<Table> tables, Duration rebuildAfter, BooleanSupplier goesOn)
            throws SQLException {
        Target target = place.open();
        try {
            if (target.tryLock()) {
                return new Copy(target, store, tables, rebuildAfter, goesOn);
            }
        } catch (SQLException | RuntimeException e) {
            target.close();
            throw e;
        }
        target.close();
        return null;
    }

    Set<String> types() {
        return types;
    }

    Instant asOf() {
        return asOf;
    }

    /**
     * Has the tables that are wanted, and no others; builds what is missing.
     *
     * @param anyway whether all of it is to be built anew
     */
    void prepare(boolean anyway) throws SQLException {
        target.prepare();
        ledger.prepare();
        target.connection().commit();
        Map<String, TableState> known = ledger.all();
        Set<String> relations = target.relations();
        removeHalves(relations);
        letRead(known.keySet(), relations);
        target.connection().commit();
        PlanTables plan = PlanTables.of(
                tables, new Situation(known, relations, store.identity(), store.settled(), rebuildAfter, anyway));
        if (!plan.why().isEmpty()) {
            LOG.info("builds {}, as of {}", plan.why(), plan.asOf());
            warnOfMissing();
            buildOrAllOfIt(plan, known, relations);
            return;
        }
        asOf = plan.asOf();
    }

    private void letRead(Set<String> known, Set<String> relations) throws SQLException {
        Set<String> shown = new TreeSet<>(known);
        shown.retainAll(relations);
        shown.add(SqlNames.LEDGER);
        target.letRead(shown);
    }

    /** What cannot be made of a resource as it was at the instant of the tables that stay can perhaps be made of what it is now; then all tables are built as at present. */
    private void buildOrAllOfIt(PlanTables plan, Map<String, TableState> known, Set<String> relations)
            throws SQLException {
        try {
            build(plan, known, relations);
            asOf = plan.asOf();
        } catch (Unmakeable e) {
            target.connection().rollback();
            if (!store.lastChange(e.key()).isAfter(plan.asOf())) {
                throw e.until(plan.asOf());
            }
            LOG.info("{}; it was changed since, so all is built as at present", e.getMessage());
            prepare(true);
        }
    }

    /** What somebody was building who was killed. */
    private void removeHalves(Set<String> relations) throws SQLException {
        for (String name : relations) {
            if (SqlNames.isBuilding(name)) {
                new ShowTables(target).remove(name);
            }
        }
    }

    private void warnOfMissing() {
        Set<String> never = store.neverWhole(types);
        if (!never.isEmpty()) {
            LOG.warn("{} was never copied whole from its source: what has no row may be there", never);
        }
    }

    /** What keeps others from reading comes last, and takes no time. */
    private void build(PlanTables plan, Map<String, TableState> known, Set<String> relations) throws SQLException {
        Instant now = Instant.now();
        Map<String, Long> rows = new FillTables(target, store, goesOn).run(plan.build(), plan.asOf(), now);
        ShowTables show = new ShowTables(target);
        List<Table> anew = new ArrayList<>();
        for (Table table : plan.build()) {
            if (isSame(table, known.get(table.name()), relations)) {
                show.replaceRows(table);
            } else {
                anew.add(table);
            }
        }
        keepReadersOff(plan.remove(), anew);
        for (String name : plan.remove()) {
            show.remove(name);
            ledger.remove(name);
        }
        for (Table table : anew) {
            show.replaceTable(table);
        }
        String source = store.identity();
        for (Table table : plan.build()) {
            ledger.put(table, plan.asOf(), rows.getOrDefault(table.name(), 0L), source, now);
        }
        ledger.reached(plan.asOf());
        target.connection().commit();
        LOG.info(
                "built {}: {} rows",
                plan.build().stream().map(Table::name).toList(),
                rows.values().stream().mapToLong(Long::longValue).sum());
    }

    private static boolean isSame(Table table, @Nullable TableState before, Set<String> relations) {
        return before != null
                && relations.contains(table.name())
                && before.table().equals(table.name())
                && before.shape().equals(table.shape());
    }

    private void keepReadersOff(List<String> remove, List<Table> anew) throws SQLException {
        List<String> going = new ArrayList<>(remove);
        anew.forEach(each -> going.add(each.name()));
        for (int i = 0; !target.tryKeepReadersOff(going); i++) {
            Stopped.unless(goesOn);
            if (i == 0) {
                LOG.warn("{} have to be replaced, and somebody reads one of them; waits for him to end", going);
            }
            if (i == TRIES) {
                throw new Refusal(
                        Refusal.Reason.CONFLICT,
                        "the tables " + going + " have to go or to have other columns, and somebody has been reading"
                                + " one of them, or left a transaction open that did, for minutes; end that");
            }
        }
    }

    /**
     * Takes in the next changes up to a settled instant, as many as make a batch; how many resources changed.
     *
     * <p>Of a resource in a batch only its last version there is read. Where a view cannot be made of that, and the resource was changed again behind the batch, the batch is made longer until it has
     * the version that came after. Where that is too far away, everything is built as at present.
     */
    int step(Instant settled) throws SQLException {
        if (!settled.isAfter(asOf)) {
            return 0;
        }
        for (int enough = store.atOnce(); ; enough *= 2) {
            CommittedBatch batch = store.committed(types, asOf, settled, enough);
            try {
                apply.run(batch);
                asOf = batch.upTo();
                return batch.resources();
            } catch (Unmakeable e) {
                target.connection().rollback();
                if (!store.lastChange(e.key()).isAfter(batch.upTo())) {
                    throw e.until(batch.upTo());
                }
                if (!batch.upTo().isBefore(settled)) {
                    throw e.until(settled);
                }
                if (enough > MOST_COMMITS / 2) {
                    LOG.info("{}; it was changed long after, so all is built as at present", e.getMessage());
                    prepare(true);
                    return 0;
                }
            }
        }
    }

    /** Where nothing is to be done. */
    void rest() throws SQLException {
        target.rest();
    }

    /** Writes down why it does not go on, for who looks at it there. */
    void failed(String why) throws SQLException {
        target.connection().rollback();
        if (target.relations().contains(SqlNames.LEDGER)) {
            ledger.failed(why);
        }
        target.connection().commit();
    }

    @Override
    public void close() {
        target.close();
    }
}
