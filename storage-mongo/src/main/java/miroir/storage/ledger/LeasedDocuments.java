package miroir.storage.ledger;

import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.bson.BsonDocument;

/**
 * Documents of which each has a lease of its own in it: whoever has that changes it, and nobody else. The proof of the lease is the condition of the change, in
 * the same document, so it needs no transaction and holds where MongoDB stands alone as well. Failures do not say which: an id may be a secret, and they are told and logged.
 */
public final class LeasedDocuments {
    private final String name;
    private final Supplier<MongoCollection<BsonDocument>> collection;

    LeasedDocuments(String name, Supplier<MongoCollection<BsonDocument>> collection) {
        this.name = name;
        this.collection = collection;
    }

    /** Takes one, which is made where it is not there; empty where somebody else has it. */
    public Optional<Lease> take(String id, String holder, Duration length) {
        return Ledger.failures("taking one of " + name, () -> leases().take(id, holder, length));
    }

    /** Takes one that is there already; empty where it is not, or somebody else has it. */
    public Optional<Lease> takeKnown(String id, String holder, Duration length) {
        return Ledger.failures("taking one of " + name, () -> leases().takeKnown(id, holder, length));
    }

    /** Holds it for longer; empty where somebody else has it. */
    public Optional<Lease> keep(Lease lease, Duration length) {
        return Ledger.failures("keeping one of " + name, () -> leases().keep(lease, length));
    }

    /** Lets others have it at once. */
    public void giveBack(Lease lease) {
        Ledger.failures("giving back one of " + name, () -> {
            leases().giveBack(lease);
            return lease;
        });
    }

    /** Sets these fields; false where somebody else has it, and nothing was set. */
    public boolean set(Lease lease, BsonDocument fields) {
        return Ledger.failures(
                "writing " + name,
                () -> documents()
                                .updateOne(TakeLease.mine(lease), new BsonDocument("$set", fields))
                                .getMatchedCount()
                        == 1);
    }

    /** All of them. */
    public List<BsonDocument> all() {
        return Ledger.failures("reading " + name, () -> documents().find().into(new ArrayList<>()));
    }

    /** One of them. */
    public Optional<BsonDocument> find(String id) {
        return Ledger.failures(
                "reading " + name,
                () -> Optional.ofNullable(
                        documents().find(Filters.eq("_id", id)).first()));
    }

    /** Some parts of one of them. */
    public Optional<BsonDocument> find(String id, BsonDocument parts) {
        return Ledger.failures(
                "reading " + name,
                () -> Optional.ofNullable(documents()
                        .find(Filters.eq("_id", id))
                        .projection(parts)
                        .first()));
    }

    /** Those that nobody has at the moment. */
    public List<String> free() {
        return Ledger.failures(
                "reading " + name,
                () -> documents()
                        .find(TakeLease.passed())
                        .map(document -> document.getString("_id").getValue())
                        .into(new ArrayList<>()));
    }

    /** Removes one, unless somebody has it. */
    public void remove(String id) {
        Ledger.failures(
                "removing one of " + name,
                () -> documents().deleteOne(Filters.and(Filters.eq("_id", id), TakeLease.passed())));
    }

    /** Removes one, whoever has it, who will not be able to change it any more; false where it was not there. */
    public boolean drop(String id) {
        return Ledger.failures(
                "removing one of " + name,
                () -> documents().deleteOne(Filters.eq("_id", id)).getDeletedCount() == 1);
    }

    private TakeLease leases() {
        return new TakeLease(documents());
    }

    private MongoCollection<BsonDocument> documents() {
        return collection.get();
    }
}
