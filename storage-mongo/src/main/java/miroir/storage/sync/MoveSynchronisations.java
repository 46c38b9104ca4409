package miroir.storage.sync;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import miroir.index.yaml.ConfigurationRefused;
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
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** What runs left, which is true of the resources that were there. */
    private static final Set<String> OF_RUNS = Set.of(
            "mark", "lastFull", "completed", "complaint", "run", "held", "putOff", "confirmed", "failed", FULL_BECAUSE);

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

    /** Those of some types, and the sources of these. */
    public List<BsonDocument> read(Set<String> types) {
        List<BsonDocument> some = all(Register.SYNCHRONISATIONS).stream()
                .filter(each -> types.contains(definition(each, "type", "")))
                .toList();
        Set<String> used = some.stream().map(MoveSynchronisations::source).collect(Collectors.toSet());
        List<BsonDocument> found = new ArrayList<>();
        all(Register.SOURCES).stream()
                .filter(source -> used.contains(id(source)))
                .forEach(source -> found.add(only(source, SOURCE, OF_SOURCE)));
        some.forEach(each -> found.add(synchronisation(each)));
        return found;
    }

    private static String definition(BsonDocument synchronisation, String field, String otherwise) {
        return synchronisation.isDocument("definition")
                ? Fields.text(synchronisation.getDocument("definition"), field, otherwise)
                : otherwise;
    }

    /** Synchronisations are called after their sources. */
    private static String source(BsonDocument synchronisation) {
        String name = id(synchronisation);
        return definition(synchronisation, "source", name.substring(0, Math.max(0, name.indexOf('/'))));
    }

    private static String id(BsonDocument document) {
        return document.getString("_id").getValue();
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
                .orElseGet(() -> isSource ? wrongSource(moved) : wrongSynchronisation(moved));
    }

    /** What the console would not take is not taken from a file. */
    private static String wrongSource(BsonDocument moved) {
        String name = moved.getString(SOURCE).getValue();
        if (!SourceDefinition.isName(name)) {
            return "names a source '" + name + "', as none may be called";
        }
        String base = Fields.text(moved, "base", "");
        if (SourceDefinition.base(base).isEmpty()) {
            return "has a source at '" + base + "', which is no address of a FHIR server";
        }
        return understood(() -> SourceDefinition.of(name, moved).isKeyInClear() ? SourceDefinition.IN_CLEAR : "");
    }

    private static String wrongSynchronisation(BsonDocument moved) {
        for (String instant : List.of("mark", "lastFull")) {
            if (moved.containsKey(instant) && !moved.isNull(instant) && !moved.isDateTime(instant)) {
                return "has a " + instant + " that is no instant";
            }
        }
        BsonDocument stored = new BsonDocument("_id", moved.getString(SYNCHRONISATION));
        stored.putAll(moved);
        return understood(() -> {
            Synchronisation read = Synchronisation.of(stored);
            return read.definition().type().isEmpty() ? "has a synchronisation of no type" : "";
        });
    }

    private static String understood(Supplier<String> read) {
        try {
            return read.get();
        } catch (RuntimeException e) {
            return "cannot be understood: " + e.getMessage();
        }
    }

    /** What each source is, in words: the daemon sends the key that it has under that name to that address. */
    public static List<String> said(List<BsonDocument> moved) {
        return moved.stream()
                .filter(each -> each.isString(SOURCE))
                .map(each -> {
                    String key = Fields.text(each, "key", "");
                    return "source " + each.getString(SOURCE).getValue() + " is " + Fields.text(each, "base", "")
                            + (key.isEmpty() ? ", without a key" : ", with the key called " + key);
                })
                .toList();
    }

    /** Refuses sources whose copies came from elsewhere than they do here. */
    public void requireFitting(List<BsonDocument> moved) {
        for (BsonDocument each : moved) {
            String source = Fields.text(each, SOURCE, "");
            String here = ledger.find(Register.SOURCES, source)
                    .map(known -> Fields.text(known, KnownSource.COPIED_FROM))
                    .orElse(null);
            String there = Fields.text(each, KnownSource.COPIED_FROM, Fields.text(each, "base", ""));
            if (each.isString(SOURCE) && here != null && !here.equals(there)) {
                throw new ConfigurationRefused(
                        "the source " + source,
                        "is " + here + " in this database, and " + there
                                + " in the export; remove it here, or import into another database");
            }
        }
    }

    /**
     * Puts them in, in the place of what is there: nothing of resources was there before, so no mark can be true but those that come. Synchronisations that do not come begin
     * anew as well.
     *
     * @param goesOn asked while a daemon that may have died is waited for; fails where it is to stop
     */
    public void write(List<BsonDocument> moved, Runnable goesOn) {
        if (moved.isEmpty() && all(Register.SYNCHRONISATIONS).isEmpty()) {
            return;
        }
        new Register(ledger).prepare();
        Lease lease = take(goesOn);
        try {
            List<Change> changes = new ArrayList<>();
            Set<String> coming = new HashSet<>();
            moved.forEach(each -> {
                coming.add(Fields.text(each, SYNCHRONISATION, ""));
                changes.add(change(each));
            });
            all(Register.SYNCHRONISATIONS).stream()
                    .map(MoveSynchronisations::id)
                    .filter(id -> !coming.contains(id))
                    .forEach(id -> changes.add(new Change(
                            Register.SYNCHRONISATIONS, id, new BsonDocument("$unset", unset(OF_RUNS, Set.of())))));
            ledger.change(lease, changes);
        } finally {
            ledger.giveBack(lease);
        }
    }

    /** A daemon does not lead while a database is filled; one that was killed before has the lease until its end. */
    private Lease take(Runnable goesOn) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Optional<Lease> lease = ledger.take(Register.JOB, "import", LEASE);
            if (lease.isPresent()) {
                return lease.get();
            }
            if (System.nanoTime() > end) {
                throw new ConfigurationRefused(
                        "the daemon",
                        "leads the synchronisations of this database; stop it, and call the same again, which goes on");
            }
            goesOn.run();
            LockSupport.parkNanos(Duration.ofMillis(250).toNanos());
        }
    }

    private static Change change(BsonDocument moved) {
        boolean isSource = moved.isString(SOURCE);
        BsonDocument fields = new BsonDocument();
        fields.putAll(moved);
        fields.remove(SOURCE);
        fields.remove(SYNCHRONISATION);
        String id = moved.getString(isSource ? SOURCE : SYNCHRONISATION).getValue();
        Set<String> others = new HashSet<>(isSource ? OF_SOURCE : OF_SYNCHRONISATION);
        others.addAll(isSource ? Set.of("tried") : OF_RUNS);
        BsonDocument update = new BsonDocument("$unset", unset(others, fields.keySet()));
        if (!fields.isEmpty()) {
            update.append("$set", fields);
        }
        return new Change(isSource ? Register.SOURCES : Register.SYNCHRONISATIONS, id, update);
    }

    private static BsonDocument unset(Set<String> fields, Set<String> but) {
        BsonDocument unset = new BsonDocument();
        fields.stream().filter(field -> !but.contains(field)).forEach(field -> unset.append(field, new BsonString("")));
        return unset;
    }
}
