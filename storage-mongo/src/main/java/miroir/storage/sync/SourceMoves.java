package miroir.storage.sync;

import java.util.ArrayList;
import java.util.List;
import miroir.index.yaml.ConfigurationRefused;
import miroir.storage.ledger.Change;
import miroir.storage.ledger.Ledger;
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
            ledger.find(Register.SOURCES, source.name())
                    .map(known -> Fields.text(known, "base", ""))
                    .filter(before -> !before.equals(source.base().toString()))
                    .ifPresent(before -> changes.addAll(moved(source, before)));
            changes.add(Change.set(Register.SOURCES, source.name(), source.document()));
        }
        return changes;
    }

    /** An address of which nothing ever came, such as one with a mistake in it, binds nobody. */
    private List<Change> moved(SourceDefinition source, String before) {
        List<Change> changes = new ArrayList<>();
        for (Synchronisation each : register.all()) {
            if (each.definition().source().equals(source.name()) && each.hasBegun()) {
                if (!source.wasAt(before)) {
                    throw refused(source, before);
                }
                changes.addAll(readAgain(each, before));
            }
        }
        return changes;
    }

    private static ConfigurationRefused refused(SourceDefinition source, String before) {
        return new ConfigurationRefused(
                "sources." + source.name() + ".url",
                source.base() + " is not where the copies in this database come from, which is " + before
                        + ". If the same directory has moved, write 'formerly: " + before
                        + "' beside it, and everything is read again; for another directory, take another database");
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
