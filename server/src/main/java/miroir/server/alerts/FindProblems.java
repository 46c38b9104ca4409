package miroir.server.alerts;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import miroir.index.store.Readiness;
import miroir.server.configuration.AlertsConfiguration.Thresholds;
import miroir.server.subscriptions.KnownSubscriptions.Known;
import miroir.storage.DiskSpace;
import miroir.storage.sync.Register;
import miroir.storage.sync.Synchronisation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is wrong at an instant. What a person has stopped is not. */
final class FindProblems {
    private static final Logger LOG = LoggerFactory.getLogger(FindProblems.class);

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

    /**
     * Fails where the database does not answer; each of the other things that is looked at may be unknown by itself.
     *
     * @param held the kinds of which something was wrong before
     */
    Found at(Instant now, Set<Kind> held) {
        List<Problem> problems = new ArrayList<>();
        addSynchronisations(problems, now);
        Set<Kind> unknown = EnumSet.noneOf(Kind.class);
        look(Kind.NOT_READY, unknown, () -> addReadiness(problems));
        look(Kind.CERTIFICATE, unknown, () -> addCertificate(problems));
        look(Kind.SUBSCRIPTION, unknown, () -> addSubscriptions(problems));
        look(Kind.DATABASE_DISK, unknown, () -> addDisk(problems, held.contains(Kind.DATABASE_DISK)));
        return new Found(problems, unknown);
    }

    /** That one thing cannot be seen says nothing of the others, nor of itself. */
    private static void look(Kind kind, Set<Kind> unknown, Runnable look) {
        try {
            look.run();
        } catch (RuntimeException e) {
            LOG.warn("whether there is {} is not known now: {}", kind.code(), e.toString());
            unknown.add(kind);
        }
    }

    private void addSynchronisations(List<Problem> problems, Instant now) {
        List<Synchronisation> wanted =
                register.all().stream().filter(each -> !each.stopped()).toList();
        if (!wanted.isEmpty() && !register.isLed(now)) {
            problems.add(new Problem(Kind.NOBODY_SYNCHRONISES, "", ""));
        }
        wanted.forEach(each -> add(problems, each, now));
    }

    private void addReadiness(List<Problem> problems) {
        Readiness state = readiness.get();
        if (!state.ready()) {
            problems.add(new Problem(Kind.NOT_READY, "", state.detail()));
        }
    }

    private void addCertificate(List<Problem> problems) {
        List<String> certificate = ofCertificate.get();
        if (!certificate.isEmpty()) {
            problems.add(new Problem(Kind.CERTIFICATE, "", String.join("; ", certificate)));
        }
    }

    private void addSubscriptions(List<Problem> problems) {
        subscriptions.get().stream()
                .filter(each -> each.status().equals("error"))
                .limit(MOST)
                .forEach(each -> problems.add(new Problem(Kind.SUBSCRIPTION, each.id(), each.lastError())));
    }

    private void addDisk(List<Problem> problems, boolean wasFull) {
        Threshold most = used;
        if (most != null) {
            disk.get()
                    .filter(space -> most.isBeyond(FindOwnProblems.used(space), wasFull))
                    .ifPresent(space -> problems.add(new Problem(Kind.DATABASE_DISK, "", FindOwnProblems.said(space))));
        }
    }

    private static void add(List<Problem> problems, Synchronisation each, Instant now) {
        String cause = each.cause() == null ? "" : each.cause();
        if (each.state() == Synchronisation.State.KO) {
            problems.add(new Problem(each.isToConfirm() ? Kind.WAITING : Kind.FAILED, each.name(), cause));
        } else if (each.isLate(now)) {
            problems.add(new Problem(Kind.LATE, each.name(), cause));
        }
    }
}
