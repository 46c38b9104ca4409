package miroir.storage.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import miroir.index.yaml.ConfigurationRefused;
import miroir.storage.ledger.Change;
import miroir.storage.ledger.Ledger;
import org.bson.BsonDocument;
import org.bson.BsonNull;

/**
 * Where sources are, and what follows when one is elsewhere.
 *
 * <p>Copies are ordered by the clock of the server that they came from: what is older than what is here is left alone, and a
 * delta begins at an instant of that clock. Another server's clock says nothing about either, so that another server under the
 * same name would be believed in part, and nobody would notice. Whether another address is another server is known to
 * people only. So it is refused, unless the configuration says where the same server was before; then everything is read again.
 */
final class SourceMoves {
    private final Register register;
    private final Ledger ledger;

    SourceMoves(Register register, Ledger ledger) {
        this.register = register;
        this.ledger = ledger;
    }

    /** What is to be written down before anything is asked of these sources. */
    List<Change> of(List<SourceDefinition> sources) {
        List<Change> changes = new ArrayList<>();
        for (SourceDefinition source : sources) {
            BsonDocument known = ledger.find(Register.SOURCES, source.name()).orElseGet(BsonDocument::new);
            Fields fields = new Fields().flag(KnownSource.REMOVED, false);
            source.document().forEach(fields::value);
            String bound = bound(source.name()).orElse(null);
            if (bound != null && !source.base().toString().equals(bound)) {
                if (!source.wasAt(bound)) {
                    throw refused(source, bound);
                }
                begun(source.name()).forEach(each -> changes.addAll(readAgain(each, bound)));
                fields.text(KnownSource.COPIED_FROM, bound);
            }
            if (!known.isEmpty() && !SourceDefinition.of(source.name(), known).isAskedLike(source)) {
                fields.value("tried", BsonNull.VALUE);
            }
            changes.add(Change.set(Register.SOURCES, source.name(), fields.document()));
        }
        return changes;
    }

    /**
     * The address that the copies of a source come from, also of one that is forgotten; empty where nothing ever came. An address of which nothing came, such as one
     * with a mistake in it, binds nobody.
     */
    Optional<String> bound(String source) {
        Optional<BsonDocument> known = ledger.find(Register.SOURCES, source);
        return begun(source).isEmpty()
                ? known.map(each -> Fields.text(each, KnownSource.COPIED_FROM))
                : known.map(each -> Fields.text(each, "base"));
    }

    private List<Synchronisation> begun(String source) {
        return register.all().stream()
                .filter(each -> each.definition().source().equals(source) && each.hasBegun())
                .toList();
    }

    /** A source that is to be forgotten: where it was is kept as long as anything here may have come from there. */
    List<Change> removed(KnownSource source) {
        return bound(source.name())
                .map(bound -> List.of(Change.set(
                        Register.SOURCES,
                        source.name(),
                        new Fields()
                                .flag(KnownSource.REMOVED, true)
                                .text(KnownSource.COPIED_FROM, bound)
                                .document())))
                .orElseGet(() -> List.of(Change.remove(Register.SOURCES, source.name())));
    }

    /** A synchronisation is to be forgotten, and what it copied stays. */
    List<Change> forgotten(Synchronisation known) {
        String source = known.definition().source();
        return bound(source)
                .map(bound -> List.of(Change.set(
                        Register.SOURCES,
                        source,
                        new Fields().text(KnownSource.COPIED_FROM, bound).document())))
                .orElseGet(List::of);
    }

    private static ConfigurationRefused refused(SourceDefinition source, String before) {
        return new ConfigurationRefused(
                "sources." + source.name() + ".url",
                source.base() + " is not where the copies in this database come from, which is " + before
                        + ". If the same directory has moved, write 'formerly: " + before
                        + "' beside it, and everything is read again; another directory needs another name, and for the same"
                        + " resources another database");
    }

    private List<Change> readAgain(Synchronisation each, String before) {
        List<Change> changes = new ArrayList<>(register.abandoned(each));
        changes.add(Change.set(
                Register.SYNCHRONISATIONS,
                each.name(),
                new Fields()
                        .text("fullBecause", "its source was at " + before + " before")
                        .value("held", BsonNull.VALUE)
                        .value("putOff", BsonNull.VALUE)
                        .text("complaint", null)
                        .text("confirmed", null)
                        .instant("mark", null)
                        .instant("lastFull", null)
                        .text("run", null)
                        .document()));
        return changes;
    }
}
