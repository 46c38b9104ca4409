package miroir.server.alerts;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import miroir.index.store.Readiness;
import miroir.storage.sync.Register;
import miroir.storage.sync.Synchronisation;

/** What is wrong at an instant. What a person has stopped is not. */
final class FindProblems {
    private final Register register;
    private final Supplier<Readiness> readiness;
    private final Supplier<List<String>> ofCertificate;

    /**
     * Of a tenant.
     *
     * @param ofCertificate what has to be done about it
     */
    FindProblems(Register register, Supplier<Readiness> readiness, Supplier<List<String>> ofCertificate) {
        this.register = register;
        this.readiness = readiness;
        this.ofCertificate = ofCertificate;
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
