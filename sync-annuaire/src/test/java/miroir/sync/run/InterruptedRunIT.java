package miroir.sync.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import miroir.storage.sync.Command;
import miroir.storage.sync.PutOff;
import miroir.storage.sync.Run;
import miroir.storage.sync.Synchronisation;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import miroir.sync.testing.Mirroring;
import miroir.sync.testing.ScriptedUpstream;
import miroir.sync.testing.ScriptedUpstream.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs that are stopped, put off, or left by a process that is gone, and what is done about them afterwards. */
@ExtendWith(MongoExtension.class)
class InterruptedRunIT extends CopiedOrganizations {
    InterruptedRunIT(TestDatabase database) {
        super(database, 10);
    }

    private Response withTotal(ScriptedUpstream.Call call, int total) {
        return Response.of(200, upstream.answer(call).body().replaceFirst("\"total\":[0-9]+", "\"total\":" + total));
    }

    private void fullPassCannotEnd() {
        fill(30);
        mirroring.run(all, false);
        upstream.advance(Duration.ofHours(1));
        upstream.always(call ->
                !call.isCount() && upstream.answer(call).body().contains("\"id\":\"o3\"") ? withTotal(call, 99) : null);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> mirroring.run(all, true)).hasMessageContaining("not complete");
        }
        upstream.put("new", name("Neuve"));
        upstream.advance(Duration.ofHours(1));
    }

    @Test
    void run_fullPassThatCannotEnd_isPutOffAndDeltasGoOn() {
        fullPassCannotEnd();
        PutOff putOff = Objects.requireNonNull(state().putOff());
        assertThat(mirroring.register().openRuns()).as("its marks are needed").contains(putOff.run());

        Run delta = mirroring.run(all, false);

        assertThat(delta.full()).isFalse();
        assertThat(delta.end()).isEqualTo(Run.End.DONE);
        assertThat(owned()).contains("new");
        assertThat(state().mark()).isEqualTo(upstream.now());
        assertThat(state().state()).isEqualTo(Synchronisation.State.KO);
        assertThat(state().cause()).contains("once a day", "the total is 99");
        assertThat(state().due(Duration.ofMinutes(5))).isBeforeOrEqualTo(putOff.until());
    }

    @Test
    void run_putOffForADay_isGoneOnWith() {
        fullPassCannotEnd();
        String late = Objects.requireNonNull(state().putOff()).run();
        mirroring.run(all, false);
        upstream.vanish("o7");
        aDayPasses();
        assertThatThrownBy(() -> mirroring.run(all, false)).hasMessageContaining("not complete");
        assertThat(mirroring.run(all, false).full()).as("again a day later").isFalse();
        upstream.always(null);
        aDayPasses();

        Run run = mirroring.run(all, false);

        assertThat(run.id()).isEqualTo(late);
        assertThat(run.end()).isEqualTo(Run.End.DONE);
        assertThat(state().state()).isEqualTo(Synchronisation.State.OK);
        assertThat(state().putOff()).isNull();
        upstream.advance(Duration.ofHours(1));
        mirroring.run(all, true);
        assertThat(check().complete().named()).isEmpty();
    }

    private void aDayPasses() {
        try (MongoClient client = MongoClients.create(database.uri())) {
            client.getDatabase(database.name())
                    .getCollection("miroir_synchronisations")
                    .updateOne(Filters.eq("_id", all.name()), Updates.set("putOff.until", Instant.EPOCH));
        }
    }

    @Test
    void run_commandFull_takesThePlaceOfOneThatWasPutOff() {
        fullPassCannotEnd();
        String late = Objects.requireNonNull(state().putOff()).run();
        upstream.always(null);
        obey(Command.Verb.FULL);

        Run run = mirroring.run(all, false);

        assertThat(run.full()).isTrue();
        assertThat(run.id()).isNotEqualTo(late);
        assertThat(mirroring.register().run(late)).map(Run::end).hasValue(Run.End.ABANDONED);
        assertThat(mirroring.store().mirrored().seenBy()).doesNotContain(late, run.id());
        assertThat(state().state()).isEqualTo(Synchronisation.State.OK);
    }

    private void changes() {
        upstream.advance(Duration.ofHours(1));
        List.of("o1", "o2", "o3").forEach(upstream::vanish);
        for (int i = 10; i < 35; i++) {
            upstream.put("o" + i, name("Autre " + i));
        }
    }

    private boolean isIn(Run.Phase phase) {
        return mirroring
                .register()
                .run(state().run())
                .filter(run -> run.phase() == phase)
                .isPresent();
    }

    @ParameterizedTest
    @EnumSource(Run.Phase.class)
    void run_stoppedInAnyPhase_goesOnToAnEqualCopy(Run.Phase phase) {
        fill(55);
        mirroring.run(all, false);
        changes();
        assertThatThrownBy(() -> mirroring.run(all, true, () -> isIn(phase)))
                .isInstanceOfSatisfying(
                        RunEnded.class, ended -> assertThat(ended.why()).isEqualTo(RunEnded.Why.STOPPED));
        Run stopped = mirroring.register().run(state().run()).orElseThrow();

        Run run = mirroring.run(all, false);

        assertThat(stopped.phase()).isEqualTo(phase);
        assertThat(run.id()).isEqualTo(stopped.id());
        assertThat(check().complete().named()).isEmpty();
        assertThat(owned()).hasSize(52);
    }

    @ParameterizedTest
    @EnumSource(Run.Phase.class)
    void run_ofAProcessThatIsGoneInAnyPhase_isGoneOnWithToAnEqualCopy(Run.Phase phase) {
        fill(55);
        mirroring.run(all, false);
        changes();
        assertThatThrownBy(() -> mirroring.run(all, true, () -> {
                    if (isIn(phase)) {
                        mirroring.leader().close();
                    }
                    return false;
                }))
                .isInstanceOfSatisfying(
                        RunEnded.class, ended -> assertThat(ended.why()).isEqualTo(RunEnded.Why.LEASE_LOST));
        Run left = mirroring.register().run(state().run()).orElseThrow();
        try (Mirroring other = mirroring()) {
            Run run = other.run(all, false);

            assertThat(left.phase()).isEqualTo(phase);
            assertThat(run.id()).isEqualTo(left.id());
            assertThat(other.compare(all).named()).isEmpty();
        }
    }

    @Test
    void run_commandFull_takesThePlaceOfARunThatCannotEnd() {
        fill(8);
        upstream.always(call -> call.isCount() || call.isPage()
                ? null
                : Response.of(200, upstream.answer(call).body().replaceFirst("\"total\":[0-9]+", "\"total\":99")));
        assertThatThrownBy(() -> mirroring.run(all, false)).isInstanceOf(RunEnded.class);
        String failed = state().run();
        upstream.always(null);
        obey(Command.Verb.FULL);

        Run run = mirroring.run(all, false);

        assertThat(run.id()).isNotEqualTo(failed);
        assertThat(run.reason()).contains("asked for");
        assertThat(mirroring.register().run(failed)).map(Run::end).hasValue(Run.End.ABANDONED);
        assertThat(mirroring.run(all, false).full()).as("and only once").isFalse();
    }

    @Test
    void run_failureBeforeItBegins_leavesTheOpenRunAndSaysWhen() {
        fill(55);
        assertThatThrownBy(
                        () -> mirroring.run(all, false, () -> upstream.calls().size() > 20))
                .isInstanceOf(RunEnded.class);
        String open = state().run();
        upstream.always(call -> Response.of(401, "Unauthorized"));

        assertThatThrownBy(() -> mirroring.run(all, false)).isInstanceOf(RunEnded.class);

        Instant failed = Objects.requireNonNull(state().failed());
        assertThat(state().due(Duration.ofMinutes(5))).isEqualTo(failed.plus(Duration.ofMinutes(5)));
        upstream.always(null);
        assertThat(mirroring.run(all, false).id()).isEqualTo(open);
        assertThat(state().failed()).isNull();
    }

    @Test
    void run_stopped_keepsItsCheckpointAndGoesOn() {
        fill(55);
        AtomicInteger pages = new AtomicInteger();
        upstream.always(call -> {
            pages.addAndGet(holdsAny(call) ? 1 : 0);
            return null;
        });

        assertThatThrownBy(() -> mirroring.run(all, false, () -> pages.get() >= 4))
                .isInstanceOfSatisfying(
                        RunEnded.class, ended -> assertThat(ended.why()).isEqualTo(RunEnded.Why.STOPPED));
        int before = pages.get();
        Run stopped = mirroring.register().run(state().run()).orElseThrow();
        assertThat(stopped.end()).isEqualTo(Run.End.STOPPED);
        assertThat(stopped.windows()).isNotEmpty();
        Run run = mirroring.run(all, false);

        assertThat(run.id()).isEqualTo(stopped.id());
        assertThat(before).isLessThanOrEqualTo(6);
        assertThat(owned()).hasSize(55);
    }
}
