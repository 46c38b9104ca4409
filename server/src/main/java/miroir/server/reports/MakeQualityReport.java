package miroir.server.reports;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import miroir.server.reports.QualityReport.Count;

/** Has every check look at every resource, and counts. */
final class MakeQualityReport {
    private final Elsewhere elsewhere;
    private final InstantSource clock;
    private final Map<String, Map<String, Count>> counts = new HashMap<>();

    MakeQualityReport(Elsewhere elsewhere, InstantSource clock) {
        this.elsewhere = elsewhere;
        this.clock = clock;
    }

    /**
     * Makes it.
     *
     * @param afterEach is done after some hundred resources
     */
    QualityReport run(Runnable afterEach) {
        Instant begun = clock.instant();
        WalkDirectory walk = new WalkDirectory(elsewhere);
        try {
            for (String type : Checks.types(elsewhere.served())) {
                Checks.ALL.stream()
                        .filter(check -> check.types().contains(type))
                        .forEach(check -> add(check, type, Count.NONE));
                walk.run(type, batch -> {
                    look(batch);
                    afterEach.run();
                });
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new QualityReport(begun, clock.instant(), counts);
    }

    private void look(Batch batch) {
        for (Check check : Checks.ALL) {
            if (check.types().contains(batch.type())) {
                Set<String> wrong = new HashSet<>();
                check.look(batch, finding -> wrong.add(finding.resource().key().id()));
                add(check, batch.type(), new Count(check.looksAt(batch), wrong.size()));
            }
        }
    }

    private void add(Check check, String type, Count count) {
        counts.computeIfAbsent(check.code(), same -> new HashMap<>()).merge(type, count, Count::and);
    }
}
