package miroir.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import miroir.server.pages.Language;
import miroir.storage.sync.Cause;
import miroir.storage.sync.Counts;
import miroir.storage.sync.Run;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RunRowTest {
    private static final View FRENCH = FragmentsTest.view(Language.FR);

    private static Run done(long rejected, @Nullable Cause why) {
        Run run = PagesTest.run();
        return new Run(
                run.id(),
                run.synchronisation(),
                run.full(),
                run.reason(),
                run.phase(),
                run.phases(),
                Run.End.DONE,
                run.mark(),
                run.windows(),
                run.total(),
                0,
                new Counts(1, 1, 0, 1_000, 1_000 - rejected, 0, 0, 0, 0, 0, rejected, 0, 0),
                run.began(),
                run.ended(),
                why,
                List.of(),
                null,
                List.of());
    }

    @Test
    void badge_ofWhatIsDone_isRedOnlyWhereMoreIsRejectedThanMayBe() {
        Cause rejects = Cause.of(Cause.Kind.REJECTS, "too many", 34, 1_000, 1);

        assertThat(RunRow.badge(done(0, null))).isEqualTo(Badge.DONE);
        assertThat(RunRow.badge(done(3, null))).isEqualTo(Badge.DONE);
        assertThat(RunRow.badge(done(34, rejects))).isEqualTo(Badge.REJECTS);
        assertThat(Badge.REJECTS.kind()).isEqualTo(Badge.BAD.kind());
    }

    @Test
    void badge_ofWhatAnOlderMiroirWrote_isFoundByItsCounts() {
        assertThat(RunRow.badge(done(34, Cause.unknown("34 cannot be stored")))).isEqualTo(Badge.REJECTS);
        assertThat(RunRow.badge(done(0, Cause.unknown("3 are in no window")))).isEqualTo(Badge.INCOMPLETE);
        assertThat(RunRow.badge(done(3, Cause.of(Cause.Kind.UNSELECTED, "3 of 9", 3, 9))))
                .isEqualTo(Badge.INCOMPLETE);
    }

    @Test
    void rejected_isSaidWhereThereAreSome() {
        assertThat(RunRow.of(done(0, null)).rejected(FRENCH)).isEmpty();
        assertThat(RunRow.of(done(1, null)).rejected(FRENCH)).isEqualTo("1 rejetée");
        assertThat(RunRow.of(done(3, null)).rejected(FRENCH)).isEqualTo("3 rejetées");
    }

    /** For who does not see the colours of the bar. */
    @Test
    void summary_namesThoseThatFailed_andThoseWithRejections() {
        List<RunMark> runs =
                List.of(RunMark.of(0, done(0, null)), RunMark.of(1, done(3, null)), RunMark.of(2, PagesTest.run()));

        assertThat(RunMark.summary(FRENCH, runs, "up/Device"))
                .isEqualTo("up/Device : 3 exécutions, 1 en échec, 1 avec des rejets");
        Cause rejects = Cause.of(Cause.Kind.REJECTS, "too many", 34, 1_000, 1);
        Cause undated = Cause.of(Cause.Kind.UNSELECTED, "3 of 9", 3, 9);
        assertThat(RunMark.summary(
                        FRENCH,
                        List.of(RunMark.of(0, done(34, rejects)), RunMark.of(1, done(0, undated))),
                        "up/Device"))
                .as("all that is red")
                .isEqualTo("up/Device : 2 exécutions, 2 en échec, 1 avec des rejets");
        assertThat(RunMark.summary(FRENCH, runs.subList(0, 1), "up/Device"))
                .isEqualTo("up/Device : 1 exécution, 0 en échec");
    }
}
