package miroir.sql.copy;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
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

    private final Target target;
    private final Ledger ledger;
    private final StoreReader store;
    private final List<Table> tables;
    private final Set<String> types;
    private final ApplyChanges apply;
    private Instant asOf = Instant.EPOCH;

    private Copy(Target target, StoreReader store, List<Table> tables) {
        this.target = target;
        this.ledger = new Ledger(target);
        this.store = store;
        this.tables = tables;
        this.types = tables.stream().map(Table::resourceType).collect(Collectors.toCollection(TreeSet::new));
        this.apply = new ApplyChanges(target, ledger, store, tables);
    }

    /** Opens it; null where another process has it. */
    static @Nullable Copy open(Place place, StoreReader store, List<Table> tables) throws SQLException {
        Target target = place.open();
        try {
            if (target.tryLock()) {
                return new Copy(target, store, tables);
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

    /** Has the tables that are wanted, and no others; builds what is missing. */
    void prepare(Duration rebuildAfter, boolean anyway, BooleanSupplier goesOn) throws SQLException {
        target.prepare();
        ledger.prepare();
        target.connection().commit();
        Map<String, TableState> known = ledger.all();
        Set<String> relations = target.relations();
        removeHalves(relations);
        target.connection().commit();
        PlanTables plan = PlanTables.of(
                tables, new Situation(known, relations, store.identity(), store.settled(), rebuildAfter, anyway));
        if (!plan.why().isEmpty()) {
            LOG.info("builds {}, as of {}", plan.why(), plan.asOf());
            warnOfMissing();
            build(plan, known, relations, goesOn);
        }
        asOf = plan.asOf();
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

    private void build(PlanTables plan, Map<String, TableState> known, Set<String> relations, BooleanSupplier goesOn)
            throws SQLException {
        Instant now = Instant.now();
        Map<String, Long> rows = new FillTables(target, store, goesOn).run(plan.build(), plan.asOf(), now);
        ShowTables show = new ShowTables(target);
        String source = store.identity();
        for (Table table : plan.build()) {
            TableState before = known.get(table.name());
            boolean isSame = before != null
                    && relations.contains(table.name())
                    && before.shape().equals(table.shape());
            if (isSame) {
                show.replaceRows(table);
            } else {
                show.replaceTable(table);
            }
            ledger.put(table, plan.asOf(), rows.getOrDefault(table.name(), 0L), source, now);
        }
        for (String name : plan.remove()) {
            show.remove(name);
            ledger.remove(name);
        }
        ledger.reached(plan.asOf());
        target.connection().commit();
        LOG.info(
                "built {}: {} rows",
                plan.build().stream().map(Table::name).toList(),
                rows.values().stream().mapToLong(Long::longValue).sum());
    }

    /** Takes in the next changes up to a settled instant, as many as make a batch; how many resources changed. */
    int step(Instant settled) throws SQLException {
        if (!settled.isAfter(asOf)) {
            return 0;
        }
        CommittedBatch batch = store.committed(types, asOf, settled);
        apply.run(batch);
        asOf = batch.upTo();
        return batch.resources();
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
