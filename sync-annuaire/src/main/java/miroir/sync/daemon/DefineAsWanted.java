package miroir.sync.daemon;

import miroir.index.yaml.ConfigurationRefused;
import miroir.storage.ledger.Lease;
import miroir.storage.sync.Command;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down what people define. What cannot be obeyed any more is dropped: whoever wanted it sees what is there instead. */
final class DefineAsWanted {
    private static final Logger LOG = LoggerFactory.getLogger(DefineAsWanted.class);

    private DefineAsWanted() {}

    static void by(SyncParts parts, Lease lease, Command command) {
        try {
            parts.checked(command);
            parts.register().define(lease, command);
            LOG.info("{}: {}", command.subject(), command.verb());
        } catch (ConfigurationRefused e) {
            LOG.warn("{}: {} was not done: {}", command.subject(), command.verb(), e.reason());
            parts.register().drop(lease, command);
        }
    }
}
