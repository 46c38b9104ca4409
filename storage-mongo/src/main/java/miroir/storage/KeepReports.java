package miroir.storage;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import miroir.index.Refusal;
import miroir.index.store.KeptReports;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.types.ObjectId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps reports in a collection of their own and the rows of their lists in another; while one is made, a job of that name says by whom. Ids of reports
 * increase, and the id of a row is that of its report, its list and its number, so a list is a range of ids, and so is all that is old.
 */
final class KeepReports implements KeptReports {
    static final String REPORTS = "miroir_reports";
    static final String ROWS = "miroir_report_rows";
    private static final Logger LOG = LoggerFactory.getLogger(KeepReports.class);
    private static final String KIND = "kind";
    private static final String REPORT = "report";
    private static final String CELLS = "cells";
    private static final int KEPT = 100;
    private static final int AT_ONCE = 1_000;

    private final StoreDatabase database;

    KeepReports(StoreDatabase database) {
        this.database = database;
    }

    @Override
    public List<Kept> newest(String kind, int most) {
        return Refusing.failures(
                "reading reports",
                () -> collection(REPORTS)
                        .find(Filters.eq(KIND, kind))
                        .sort(Sorts.descending(StoredFields.ID))
                        .limit(most)
                        .maxTime(database.operationTimeout().toMillis(), TimeUnit.MILLISECONDS)
                        .map(each -> new Kept(each.getString(StoredFields.ID).getValue(), each.getDocument(REPORT)))
                        .into(new ArrayList<>()));
    }

    @Override
    public List<List<String>> rows(String id, String list, long after, int most) {
        return Refusing.failures(
                "reading a list",
                () -> collection(ROWS)
                        .find(Filters.and(
                                Filters.gt(StoredFields.ID, row(id, list, after)),
                                Filters.lte(StoredFields.ID, row(id, list, after + most))))
                        .sort(Sorts.ascending(StoredFields.ID))
                        .maxTime(database.operationTimeout().toMillis(), TimeUnit.MILLISECONDS)
                        .map(each -> each.getArray(CELLS).stream()
                                .map(cell -> cell.asString().getValue())
                                .toList())
                        .into(new ArrayList<>()));
    }

    /** Numbers begin with 1. */
    private static BsonDocument row(String id, String list, long number) {
        return new BsonDocument(REPORT, new BsonString(id))
                .append("list", new BsonString(list))
                .append("n", new BsonInt64(number));
    }

    @Override
    public boolean make(String kind, Function<Draft, Optional<BsonDocument>> work) {
        HoldJob job = new HoldJob(database, "report " + kind);
        if (Refusing.failures("taking the report", () -> job.take(true)).isEmpty()) {
            return false;
        }
        WrittenDraft draft = new WrittenDraft(job, kind);
        boolean kept = false;
        try {
            Optional<BsonDocument> made = work.apply(draft);
            draft.end();
            made.ifPresent(report -> keep(kind, draft.id, report));
            kept = made.isPresent();
            return kept;
        } finally {
            if (!kept) {
                forgetRows(draft.id);
            }
            Refusing.failures("giving the report back", () -> {
                job.letGo();
                return job;
            });
        }
    }

    /** Of a report that came to nothing. */
    private void forgetRows(String id) {
        try {
            collection(ROWS)
                    .deleteMany(Filters.and(
                            Filters.gte(StoredFields.ID, new BsonDocument(REPORT, new BsonString(id))),
                            Filters.lt(StoredFields.ID, new BsonDocument(REPORT, new BsonString(id + "0")))));
        } catch (RuntimeException e) {
            LOG.warn("rows of a report that was not made stay until the next ones are kept: {}", e.getMessage());
        }
    }

    private void keep(String kind, String id, BsonDocument report) {
        Refusing.failures(
                "keeping the report",
                () -> collection(REPORTS)
                        .insertOne(new BsonDocument(StoredFields.ID, new BsonString(id))
                                .append(KIND, new BsonString(kind))
                                .append(REPORT, report)));
        try {
            forgetOld(kind);
        } catch (RuntimeException e) {
            LOG.warn("old reports stay until the next one is kept: {}", e.getMessage());
        }
    }

    private void forgetOld(String kind) {
        List<BsonValue> ids = collection(REPORTS)
                .find(Filters.eq(KIND, kind))
                .sort(Sorts.descending(StoredFields.ID))
                .projection(Projections.include(StoredFields.ID))
                .map(each -> each.get(StoredFields.ID))
                .into(new ArrayList<>());
        if (ids.size() > 1) {
            collection(ROWS).deleteMany(Filters.lt(StoredFields.ID, new BsonDocument(REPORT, ids.get(1))));
        }
        if (ids.size() > KEPT) {
            collection(REPORTS).deleteMany(Filters.in(StoredFields.ID, ids.subList(KEPT, ids.size())));
        }
    }

    private MongoCollection<BsonDocument> collection(String name) {
        return database.database().getCollection(name, BsonDocument.class);
    }

    private final class WrittenDraft implements Draft {
        private final HoldJob job;
        private final String kind;
        private final String id = new ObjectId().toHexString();
        private final Map<String, Long> numbers = new HashMap<>();
        private final List<BsonDocument> waiting = new ArrayList<>();

        WrittenDraft(HoldJob job, String kind) {
            this.job = job;
            this.kind = kind;
        }

        @Override
        public void row(String list, List<String> cells) {
            long number = numbers.merge(list, 1L, Long::sum);
            if (number <= MOST_ROWS) {
                BsonArray stored =
                        new BsonArray(cells.stream().map(BsonString::new).toList());
                waiting.add(new BsonDocument(StoredFields.ID, KeepReports.row(id, list, number)).append(CELLS, stored));
            }
            if (waiting.size() >= AT_ONCE) {
                write();
            }
        }

        private void write() {
            Refusing.failures("keeping a list", () -> collection(ROWS).insertMany(waiting));
            waiting.clear();
        }

        @Override
        public void goesOn() {
            require(job::keepWhereDue);
        }

        private void require(Supplier<Boolean> holds) {
            if (!Refusing.failures("holding the report", holds)) {
                throw new Refusal(Refusal.Reason.CONFLICT, "another server makes the report " + kind + " by now");
            }
        }

        /** Writes the rest; nothing is kept that another might have made meanwhile. */
        void end() {
            require(job::keep);
            if (!waiting.isEmpty()) {
                write();
            }
        }
    }
}
