package miroir.server.reports;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import miroir.index.store.KeptReports.Draft;
import miroir.server.reports.QualityReport.Count;

/** Has every check look at every resource, counts, and lists what is found. */
final class MakeQualityReport {
    private final Elsewhere elsewhere;
    private final InstantSource clock;
    private final Map<String, Instant> copied;
    private final Map<String, Map<String, Count>> counts = new HashMap<>();

    /**
     * Of what is kept.
     *
     * @param copied as of when the copies are, by type
     */
    MakeQualityReport(Elsewhere elsewhere, InstantSource clock, Map<String, Instant> copied) {
        this.elsewhere = elsewhere;
        this.clock = clock;
        this.copied = Map.copyOf(copied);
    }

    /**
     * Makes it.
     *
     * @param draft takes the lists, one for each check
     * @param afterEach is done after some hundred resources
     */
    QualityReport run(Draft draft, Runnable afterEach) {
        Instant begun = clock.instant();
        WalkDirectory walk = new WalkDirectory(elsewhere);
        for (String type : Checks.types(elsewhere.served())) {
            Checks.ALL.stream()
                    .filter(check -> check.types().contains(type))
                    .forEach(check -> add(check, type, Count.NONE));
            walk.run(type, batch -> {
                look(batch, draft);
                afterEach.run();
            });
        }
        return new QualityReport(begun, clock.instant(), copied, counts);
    }

    private void look(Batch batch, Draft draft) {
        for (Check check : Checks.ALL) {
            if (check.types().contains(batch.type())) {
                List<Finding> findings = new ArrayList<>();
                long lookedAt = check.look(batch, findings::add);
                findings.forEach(finding -> draft.row(check.code(), QualityList.kept(finding)));
                add(check, batch.type(), new Count(lookedAt, check.wrong(findings)));
            }
        }
    }

    private void add(Check check, String type, Count count) {
        counts.computeIfAbsent(check.code(), same -> new HashMap<>()).merge(type, count, Count::and);
    }
}
