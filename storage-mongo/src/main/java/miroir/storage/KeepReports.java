package miroir.storage;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.Sorts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import miroir.index.Refusal;
import miroir.index.store.KeptReports;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.types.ObjectId;

/** Keeps reports in a collection of their own; while one is made, a job of that name says by whom. */
final class KeepReports implements KeptReports {
    static final String COLLECTION = "miroir_reports";
    private static final String KIND = "kind";
    private static final String AT = "at";
    private static final String REPORT = "report";
    private static final int KEPT = 100;

    private final StoreDatabase database;

    KeepReports(StoreDatabase database) {
        this.database = database;
    }

    @Override
    public List<BsonDocument> newest(String kind, int most) {
        return Refusing.failures(
                "reading reports",
                () -> reports()
                        .find(Filters.eq(KIND, kind))
                        .sort(Sorts.descending(AT))
                        .limit(most)
                        .maxTime(database.operationTimeout().toMillis(), TimeUnit.MILLISECONDS)
                        .map(each -> each.getDocument(REPORT))
                        .into(new ArrayList<>()));
    }

    @Override
    public boolean make(String kind, Function<Runnable, BsonDocument> work) {
        HoldJob job = new HoldJob(database, "report " + kind);
        Optional<Instant> taken = Refusing.failures("taking the report", () -> job.take(true));
        if (taken.isEmpty()) {
            return false;
        }
        try {
            BsonDocument report = work.apply(() -> requireHeld(job, kind));
            requireHeld(job, kind);
            Refusing.failures("keeping the report", () -> keep(kind, taken.get(), report));
            return true;
        } finally {
            Refusing.failures("giving the report back", () -> {
                job.letGo();
                return job;
            });
        }
    }

    private static void requireHeld(HoldJob job, String kind) {
        if (!Refusing.failures("holding the report", job::keepWhereDue)) {
            throw new Refusal(Refusal.Reason.CONFLICT, "another server makes the report " + kind + " by now");
        }
    }

    private boolean keep(String kind, Instant taken, BsonDocument report) {
        Date at = Date.from(taken);
        reports()
                .insertOne(new BsonDocument(StoredFields.ID, new BsonString(new ObjectId().toHexString()))
                        .append(KIND, new BsonString(kind))
                        .append(AT, HistoryBounds.floor(taken))
                        .append(REPORT, report));
        List<BsonDocument> old = reports()
                .find(Filters.and(Filters.eq(KIND, kind), Filters.lt(AT, at)))
                .sort(Sorts.descending(AT))
                .projection(Projections.include(StoredFields.ID))
                .skip(KEPT - 1)
                .into(new ArrayList<>());
        old.forEach(each -> reports().deleteOne(Filters.eq(StoredFields.ID, each.get(StoredFields.ID))));
        return true;
    }

    private MongoCollection<BsonDocument> reports() {
        return database.database().getCollection(COLLECTION, BsonDocument.class);
    }
}
