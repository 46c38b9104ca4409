package miroir.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import miroir.server.access.AdministratorRole;
import miroir.server.console.ToldCause.Line;
import miroir.server.pages.Language;
import miroir.server.pipeline.Looking;
import miroir.storage.sync.Cause;
import miroir.storage.sync.Cause.Kind;
import miroir.storage.sync.Run;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RunDetailTest {
    private static final Cause GUARD = Cause.of(Kind.GUARD, "117 would go", 117, 397, 5);

    private static View view(AdministratorRole role) {
        return View.of(Looking.as(role), Language.EN, FragmentsTest.SITE, "/admin/runs/run-1");
    }

    private static Line told(boolean isHeld, AdministratorRole role) {
        View view = view(role);
        return Objects.requireNonNull(new RunDetail(waiting(), isHeld).told(view))
                .lines(view)
                .get(0);
    }

    private static Run waiting() {
        Run run = PagesTest.run();
        return new Run(
                run.id(),
                run.synchronisation(),
                true,
                run.reason(),
                run.phase(),
                run.phases(),
                Run.End.WAITING,
                run.mark(),
                run.windows(),
                run.total(),
                0,
                run.counts(),
                run.began(),
                run.ended(),
                GUARD,
                List.of(),
                null,
                List.of());
    }

    @Test
    void told_ofWhatIsHeldBack_leadsWhoMayDecideThere() {
        Line line = told(true, AdministratorRole.ADMINISTRATOR);

        assertThat(line.text()).endsWith("a person has to decide.");
        assertThat(line.path()).isEqualTo("/admin/synchronisations/annuaire.Device#held");
        assertThat(told(true, AdministratorRole.VIEWER).path()).isNull();
    }

    /** Its run is kept for long, and nothing of it waits any more. */
    @Test
    void told_ofWhatWasDecided_asksForNothing() {
        Line line = told(false, AdministratorRole.ADMINISTRATOR);

        assertThat(line.text()).startsWith("117 of 397 resources").endsWith("nothing to decide about it any more.");
        assertThat(line.path()).isNull();
    }

    /** The newest run that rejected something may have rejected no more than it may. */
    @Test
    void rejections_ofAComplaint_areThoseOfItsRun() {
        Cause rejects = Cause.of(Kind.REJECTS, "34 of 397", 34, 397, 1);

        assertThat(rejections(rejects, "run-of-before")).isEqualTo("/admin/runs/run-of-before#rejections");
        assertThat(rejections(rejects, null)).isNull();
    }

    private static @Nullable String rejections(Cause why, @Nullable String rejecting) {
        SynchronisationDetail like = PagesTest.detail();
        SynchronisationDetail detail = new SynchronisationDetail(
                like.row(), true, false, false, why, rejecting, null, null, null, like.runs(), List.of());
        View view = view(AdministratorRole.VIEWER);
        return Objects.requireNonNull(detail.told(view)).lines(view).get(0).path();
    }
}
