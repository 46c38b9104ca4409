package miroir.server.metrics;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import miroir.server.TestServer;
import miroir.storage.ledger.Change;
import miroir.storage.ledger.Lease;
import miroir.storage.ledger.Ledger;
import miroir.storage.sync.Register;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonString;

/** A register with one synchronisation that runs, one that failed long ago, and one of a part that never ran. */
public final class KnownSynchronisations {
    private KnownSynchronisations() {}

    /** Writes it into that database, as if a daemon led for a while. */
    public static void write(TestDatabase database) {
        Instant now = Instant.now();
        write(
                database,
                List.of(
                        synchronisation("up/Organization", "{source: 'up', type: 'Organization', schedule: '24h'}")
                                .with("run", "running", now),
                        synchronisation("up/Device", "{source: 'up', type: 'Device', schedule: '1h'}")
                                .ko(now.minus(Duration.ofDays(3))),
                        synchronisation(
                                        "up/Practitioner/doctors",
                                        "{source: 'up', type: 'Practitioner', filter: 'active=true', schedule: '24h'}")
                                .change(),
                        run(
                                "running",
                                "{synchronisation: 'up/Organization', phase: 'reading', end: 'running', total: NumberLong(1000), windows: [{from: {$date: '2026-01-01T00:00:00Z'}, to: {$date: '2026-02-01T00:00:00Z'}, count: NumberLong(400)}]}",
                                now),
                        failed(now)));
    }

    /** Only the run that failed, {@code failed}, of a synchronisation that is not there any more. */
    public static void writeFailedRun(TestDatabase database) {
        write(database, List.of(failed(Instant.now())));
    }

    private static Change failed(Instant now) {
        return run(
                "failed",
                "{synchronisation: 'up/Device', phase: 'reading', end: 'failed', counts: {rejected: NumberLong(7)}}",
                now.minus(Duration.ofDays(3)));
    }

    private static void write(TestDatabase database, List<Change> changes) {
        try (Ledger ledger = Ledger.open(TestServer.settings(database))) {
            new Register(ledger).prepare();
            Lease lease =
                    ledger.take(Register.JOB, "test", Duration.ofMinutes(10)).orElseThrow();
            ledger.change(lease, changes);
        }
    }

    private record Written(String name, BsonDocument fields) {
        Change change() {
            return Change.set(Ledger.SYNCHRONISATIONS, name, fields);
        }

        Change with(String field, String value, Instant since) {
            fields.append(field, new BsonString(value));
            return instants(since.minus(Duration.ofHours(1)));
        }

        Change ko(Instant since) {
            fields.append("state", new BsonString("KO"));
            return instants(since);
        }

        private Change instants(Instant since) {
            for (String each : List.of("mark", "completed", "firstStart", "lastStart")) {
                fields.append(each, new BsonDateTime(since.toEpochMilli()));
            }
            return change();
        }
    }

    private static Written synchronisation(String name, String definition) {
        return new Written(name, new BsonDocument("definition", BsonDocument.parse(definition)));
    }

    private static Change run(String id, String json, Instant began) {
        BsonDocument fields = BsonDocument.parse(json).append("began", new BsonDateTime(began.toEpochMilli()));
        if (!json.contains("'running', total")) {
            fields.append("ended", new BsonDateTime(began.toEpochMilli() + 1));
        }
        return Change.set("miroir_runs", id, fields);
    }
}
