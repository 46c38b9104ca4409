package miroir.storage.sync;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import miroir.index.Refusal;
import miroir.storage.ledger.Change;
import miroir.storage.ledger.Lease;
import miroir.storage.ledger.Ledger;
import org.bson.BsonDocument;
import org.bson.BsonString;

/**
 * Sources and synchronisations on their way from one database to another, with what the next delta needs: above all the mark from which it begins, and
 * the address that copies came from. Runs stay: one that is open goes on nowhere else, since the ids that it saw stay too; the next one begins at the mark.
 * Where a removal was held back, or a full pass put off, the next run reads everything. Keys were never there.
 */
public final class MoveSynchronisations {
    private static final String SOURCE = "source";
    private static final String SYNCHRONISATION = "synchronisation";
    private static final String FULL_BECAUSE = "fullBecause";
    private static final Duration LEASE = Duration.ofSeconds(20);

    private static final Set<String> OF_SOURCE = Set.of(
            "base",
            "header",
            "key",
            "quota",
            "timeout",
            "pageSize",
            "proxy",
            "patience",
            "formerly",
            "origin",
            KnownSource.COPIED_FROM,
            KnownSource.REMOVED);

    private static final Set<String> OF_SYNCHRONISATION = Set.of(
            "definition",
            "origin",
            "stopped",
            "state",
            "cause",
            "mark",
            "lastFull",
            "firstStart",
            "completed",
            "lastStart",
            "complaint",
            "wanted",
            FULL_BECAUSE);

    private final Ledger ledger;

    public MoveSynchronisations(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Those of some types, and all sources. */
    public List<BsonDocument> read(Set<String> types) {
        List<BsonDocument> found = new ArrayList<>();
        all(Register.SOURCES).forEach(source -> found.add(only(source, SOURCE, OF_SOURCE)));
        for (BsonDocument each : all(Register.SYNCHRONISATIONS)) {
            if (types.contains(Fields.text(each.getDocument("definition", new BsonDocument()), "type", ""))) {
                found.add(synchronisation(each));
            }
        }
        return found;
    }

    private List<BsonDocument> all(String collection) {
        return ledger.list(collection, new BsonDocument(), "_id", 10_000);
    }

    private static BsonDocument synchronisation(BsonDocument known) {
        BsonDocument moved = only(known, SYNCHRONISATION, OF_SYNCHRONISATION);
        if (known.isDocument("held") || known.isDocument("putOff")) {
            moved.put(
                    FULL_BECAUSE,
                    new BsonString("a removal was held back, or a full pass put off, where it was exported"));
        }
        return moved;
    }

    private static BsonDocument only(BsonDocument known, String kind, Set<String> fields) {
        BsonDocument moved = new BsonDocument(kind, known.get("_id"));
        known.forEach((name, value) -> {
            if (fields.contains(name)) {
                moved.append(name, value);
            }
        });
        return moved;
    }

    /** Why this is none that could be put in; empty where it is one. */
    public static String wrong(BsonDocument moved) {
        boolean isSource = moved.isString(SOURCE);
        if (isSource == moved.isString(SYNCHRONISATION)) {
            return "has to name either a source or a synchronisation";
        }
        return moved.keySet().stream()
                .filter(name -> !name.equals(isSource ? SOURCE : SYNCHRONISATION)
                        && !(isSource ? OF_SOURCE : OF_SYNCHRONISATION).contains(name))
                .findFirst()
                .map(name -> "has the unknown key " + name)
                .orElse("");
    }

    /** Puts them in; what has a mark already, or copies from somewhere, stays as it is. */
    public void write(List<BsonDocument> moved) {
        new Register(ledger).prepare();
        Lease lease = ledger.take(Register.JOB, "import", LEASE)
                .orElseThrow(() -> new Refusal(
                        Refusal.Reason.EXPIRED, "a daemon leads the synchronisations of this database; stop it first"));
        try {
            List<Change> changes = new ArrayList<>();
            moved.forEach(each -> change(each, changes));
            ledger.change(lease, changes);
        } finally {
            ledger.giveBack(lease);
        }
    }

    private void change(BsonDocument moved, List<Change> changes) {
        boolean isSource = moved.isString(SOURCE);
        String collection = isSource ? Register.SOURCES : Register.SYNCHRONISATIONS;
        BsonDocument fields = new BsonDocument();
        fields.putAll(moved);
        fields.remove(SOURCE);
        fields.remove(SYNCHRONISATION);
        String id = moved.getString(isSource ? SOURCE : SYNCHRONISATION).getValue();
        String known = isSource ? KnownSource.COPIED_FROM : "mark";
        boolean isKnown = ledger.find(collection, id)
                .filter(found -> found.containsKey(known) && !found.isNull(known))
                .isPresent();
        if (!isKnown && !fields.isEmpty()) {
            changes.add(Change.set(collection, id, fields));
        }
    }
}
