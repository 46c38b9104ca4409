package miroir.storage.sync;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import miroir.index.yaml.ConfigurationRefused;
import miroir.storage.ledger.Change;
import miroir.storage.ledger.Ledger;
import org.bson.BsonDocument;

/**
 * What follows when people define synchronisations and sources, or have them forgotten. What stands in the daemon's file is the file's
 * alone; and who changes something must have seen it as it is, lest one undoes unseen what another did.
 */
final class ChangeDefinitions {
    private final Register register;
    private final Ledger ledger;

    ChangeDefinitions(Register register, Ledger ledger) {
        this.register = register;
        this.ledger = ledger;
    }

    /**
     * What is to be written down.
     *
     * @throws ConfigurationRefused where the command cannot be obeyed any more
     */
    List<Change> of(Command command) {
        return switch (command.verb()) {
            case DEFINE -> define(command, definition(command));
            case REMOVE -> remove(command);
            case DEFINE_SOURCE -> defineSource(command, SourceDefinition.of(command.subject(), definition(command)));
            case REMOVE_SOURCE -> removeSource(command);
            case START, FULL, STOP, CONFIRM, TRY_SOURCE ->
                throw new IllegalArgumentException(command.verb() + " defines nothing");
        };
    }

    private static BsonDocument definition(Command command) {
        BsonDocument definition = command.definition();
        if (definition == null) {
            throw refused(command, "it says nothing");
        }
        return definition;
    }

    private List<Change> define(Command command, BsonDocument definition) {
        Optional<Synchronisation> known = register.find(command.subject());
        known.ifPresent(each -> requireOurs(command, each.isFromFile()));
        requireSeen(command, known.map(each -> each.definition().version()).orElse(0L));
        Definition defined = Definition.of(command.subject(), definition);
        if (register.source(defined.source()).isEmpty()) {
            throw refused(command, "there is no source " + defined.source());
        }
        List<Change> changes = new ArrayList<>();
        changes.add(Change.set(
                Register.SYNCHRONISATIONS,
                command.subject(),
                new Fields()
                        .value("definition", definition)
                        .text("origin", Synchronisation.CONSOLE)
                        .document()));
        register.otherFilter(defined).ifPresent(changes::add);
        return changes;
    }

    private List<Change> remove(Command command) {
        Synchronisation known =
                register.find(command.subject()).orElseThrow(() -> refused(command, "there is none any more"));
        requireOurs(command, known.isFromFile());
        requireSeen(command, known.definition().version());
        List<Change> changes = new ArrayList<>(register.abandoned(known));
        changes.addAll(new SourceMoves(register, ledger).forgotten(known));
        changes.add(Change.remove(Register.SYNCHRONISATIONS, known.name()));
        return changes;
    }

    private List<Change> defineSource(Command command, SourceDefinition source) {
        Optional<KnownSource> known = register.source(command.subject());
        known.ifPresent(each -> requireOurs(command, each.definition().isFromFile()));
        requireSeen(command, known.map(each -> each.definition().version()).orElse(0L));
        return new SourceMoves(register, ledger).of(List.of(source));
    }

    private List<Change> removeSource(Command command) {
        KnownSource known =
                register.source(command.subject()).orElseThrow(() -> refused(command, "there is none any more"));
        requireOurs(command, known.definition().isFromFile());
        requireSeen(command, known.definition().version());
        List<String> using = register.namesOf(known.name());
        if (!using.isEmpty()) {
            throw refused(command, "it is used by " + String.join(", ", using));
        }
        return new SourceMoves(register, ledger).removed(known);
    }

    private static void requireOurs(Command command, boolean isFromFile) {
        if (isFromFile) {
            throw refused(command, "it stands in the daemon's file");
        }
    }

    private static void requireSeen(Command command, long version) {
        if (command.seen() != version) {
            throw refused(command, "somebody else changed it meanwhile");
        }
    }

    private static ConfigurationRefused refused(Command command, String reason) {
        return new ConfigurationRefused(command.subject(), reason);
    }
}
