package miroir.server.alerts;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import miroir.index.store.Readiness;
import miroir.server.configuration.AlertsConfiguration.Thresholds;
import miroir.server.subscriptions.KnownSubscriptions.Known;
import miroir.storage.DiskSpace;
import miroir.storage.sync.Register;
import miroir.storage.sync.Synchronisation;
import org.jspecify.annotations.Nullable;

/** What is wrong at an instant. What a person has stopped is not. */
final class FindProblems {
    /** Nobody reads a letter about more subscriptions; the console has all of them. */
    private static final int MOST = 50;

    private final Register register;
    private final Supplier<Readiness> readiness;
    private final Supplier<List<String>> ofCertificate;
    private final Supplier<List<Known>> subscriptions;
    private final Supplier<Optional<DiskSpace>> disk;
    private final @Nullable Threshold used;

    /**
     * Of a tenant.
     *
     * @param ofCertificate what has to be done about it
     * @param subscriptions all of them
     * @param disk of the database; empty where it does not say
     */
    FindProblems(
            Register register,
            Supplier<Readiness> readiness,
            Supplier<List<String>> ofCertificate,
            Supplier<List<Known>> subscriptions,
            Supplier<Optional<DiskSpace>> disk,
            Thresholds thresholds) {
        this.register = register;
        this.readiness = readiness;
        this.ofCertificate = ofCertificate;
        this.subscriptions = subscriptions;
        this.disk = disk;
        this.used = FindOwnProblems.ofDisk(thresholds);
    }

    /** Fails where the database does not answer. */
    List<Problem> at(Instant now) {
        List<Problem> problems = new ArrayList<>();
        List<Synchronisation> wanted =
                register.all().stream().filter(each -> !each.stopped()).toList();
        if (!wanted.isEmpty() && !register.isLed(now)) {
            problems.add(new Problem(Kind.NOBODY_SYNCHRONISES, "", ""));
        }
        wanted.forEach(each -> add(problems, each, now));
        Readiness state = readiness.get();
        if (!state.ready()) {
            problems.add(new Problem(Kind.NOT_READY, "", state.detail()));
        }
        List<String> certificate = ofCertificate.get();
        if (!certificate.isEmpty()) {
            problems.add(new Problem(Kind.CERTIFICATE, "", String.join("; ", certificate)));
        }
        subscriptions.get().stream()
                .filter(each -> each.status().equals("error"))
                .limit(MOST)
                .forEach(each -> problems.add(new Problem(Kind.SUBSCRIPTION, each.id(), each.lastError())));
        disk.get()
                .filter(space -> used != null && used.isBeyond(FindOwnProblems.used(space)))
                .ifPresent(space -> problems.add(new Problem(Kind.DATABASE_DISK, "", FindOwnProblems.said(space))));
        return problems;
    }

    private static void add(List<Problem> problems, Synchronisation each, Instant now) {
        String cause = each.cause() == null ? "" : each.cause();
        if (each.state() == Synchronisation.State.KO) {
            problems.add(new Problem(each.held() == null ? Kind.FAILED : Kind.WAITING, each.name(), cause));
        } else if (each.isLate(now)) {
            problems.add(new Problem(Kind.LATE, each.name(), cause));
        }
    }
}
