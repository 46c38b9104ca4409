package miroir.server.alerts;

import java.io.File;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import miroir.index.store.Readiness;
import miroir.server.configuration.AlertsConfiguration.Thresholds;
import miroir.server.load.Load;
import miroir.server.subscriptions.KnownSubscriptions.Known;
import miroir.storage.DiskSpace;
import miroir.storage.sync.Register;

/**
 * What is looked at of a tenant, beside its synchronisations.
 *
 * @param ofCertificate what has to be done about it
 * @param subscriptions all of them
 * @param disk of the database; empty where it does not say, or where it is another tenant's business
 * @param load what this server is asked for
 * @param isOwn whether it is the server's own: what is wrong with the machine is told once, and to no tenant
 */
public record Watched(
        Supplier<Readiness> readiness,
        Supplier<List<String>> ofCertificate,
        Supplier<List<Known>> subscriptions,
        Supplier<Optional<DiskSpace>> disk,
        Load load,
        boolean isOwn) {
    FindProblems find(Register register, Thresholds thresholds) {
        return new FindProblems(register, readiness, ofCertificate, subscriptions, disk, thresholds);
    }

    FindOwnProblems findOwn(Thresholds thresholds) {
        File here = new File("").getAbsoluteFile();
        return new FindOwnProblems(
                host(),
                load,
                () -> new DiskSpace(here.getUsableSpace(), here.getTotalSpace()),
                readiness,
                isOwn ? thresholds : thresholds.withoutDisks());
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
