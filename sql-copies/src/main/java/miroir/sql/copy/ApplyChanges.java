package miroir.sql.copy;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import miroir.sql.database.Ledger;
import miroir.sql.database.Target;
import miroir.sql.table.Table;
import miroir.storage.Committed;
import miroir.storage.VersionId;

/**
 * Takes a batch of commits into a copy, in one transaction: the rows of every resource that changed go, those of the version that it had at the end of the batch come, and it is
 * written down how far the copy is. A deletion, and what an erasure leaves, has no rows. The version is read by its number, wherever it is by now: what the store has at the moment may be newer than
 * the rest of the copy.
 *
 * <p>A version that was superseded and is kept no longer cannot be read. The resource then has no rows until its next version comes, which is in one of the batches that follow, or it would not
 * have been superseded; where the version went before its commit was listed, the resource has those of the version before until then.
 */
final class ApplyChanges {
    private static final int READ_AT_ONCE = 500;

    private final Target target;
    private final Ledger ledger;
    private final StoreReader store;
    private final List<Table> tables;

    ApplyChanges(Target target, Ledger ledger, StoreReader store, List<Table> tables) {
        this.target = target;
        this.ledger = ledger;
        this.store = store;
        this.tables = tables;
    }

    void run(CommittedBatch batch) throws SQLException {
        try {
            Map<String, Long> more = new HashMap<>();
            for (Map.Entry<String, Map<String, Committed>> each : batch.newest().entrySet()) {
                change(each.getKey(), each.getValue(), more);
            }
            for (Map.Entry<String, Long> each : more.entrySet()) {
                ledger.changed(each.getKey(), each.getValue(), batch.upTo());
            }
            ledger.reached(batch.upTo());
            target.connection().commit();
        } catch (SqlFailed e) {
            throw e.failure();
        }
    }

    private void change(String type, Map<String, Committed> newest, Map<String, Long> more) throws SQLException {
        List<Table> ofType =
                tables.stream().filter(each -> each.resourceType().equals(type)).toList();
        for (Table table : ofType) {
            long deleted = target.deleteOwned(table.name(), newest.keySet());
            if (deleted > 0) {
                more.merge(table.name(), -deleted, Long::sum);
            }
        }
        List<VersionId> live = newest.values().stream()
                .filter(Committed::live)
                .map(Committed::id)
                .toList();
        try (TableWriters writers = new TableWriters(target, ofType, Table::name)) {
            for (int from = 0; from < live.size(); from += READ_AT_ONCE) {
                List<VersionId> some = new ArrayList<>(live.subList(from, Math.min(live.size(), from + READ_AT_ONCE)));
                store.versions(type, some, writers::add);
            }
            writers.flush();
            writers.takeCounts().forEach((name, rows) -> {
                if (rows > 0) {
                    more.merge(name, rows, Long::sum);
                }
            });
        }
    }
}
