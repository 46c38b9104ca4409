package miroir.sync.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.model.Filters;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import miroir.index.Refusal;
import miroir.index.store.Caller;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;
import miroir.storage.sync.Cause;
import miroir.storage.sync.Cause.Kind;
import miroir.storage.sync.Cause.Said;
import miroir.storage.sync.Command;
import miroir.storage.sync.Definition;
import miroir.storage.sync.LogLine;
import miroir.storage.sync.Run;
import miroir.storage.sync.Synchronisation;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import miroir.sync.testing.Mirroring;
import miroir.sync.testing.ScriptedUpstream;
import miroir.sync.testing.ScriptedUpstream.Response;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(MongoExtension.class)
class RunSynchronisationIT extends CopiedOrganizations {
    RunSynchronisationIT(TestDatabase database) {
        super(database, 40);
    }

    @Test
    void run_firstTime_copiesEverythingInWindows() {
        fill(205);

        Run run = mirroring.run(all, false);

        assertThat(run.full()).isTrue();
        assertThat(run.end()).isEqualTo(Run.End.DONE);
        assertThat(run.counts().created()).isEqualTo(205);
        assertThat(owned()).hasSize(205);
        assertThat(mirroring.live(TYPE, "o7").fhir().getString("name").getValue())
                .isEqualTo("Pharmacie 7");
        assertThat(upstream.calls().stream()
                        .filter(call -> !call.isCount() && call.query().contains("_lastUpdated")))
                .hasSizeGreaterThan(5);
        assertThat(state().mark()).isEqualTo(upstream.now());
    }

    @Test
    void run_firstTimeOfMany_makesTheIndexesOfSearchesLast() {
        fill(60);
        RunSettings indexesLast = new RunSettings(2, 40, Duration.ofDays(30), Duration.ofDays(3), 50);
        AtomicInteger fewest = new AtomicInteger(Integer.MAX_VALUE);

        try (Mirroring loading = Mirroring.of(database, Mirroring.source(upstream.base()), indexesLast, all)) {
            int before = indexes();
            Run run = loading.run(all, false, () -> {
                fewest.accumulateAndGet(indexes(), Math::min);
                return false;
            });

            List<LogLine> log = loading.register().run(run.id()).map(Run::log).orElseThrow();
            assertThat(log)
                    .extracting(LogLine::text)
                    .containsSubsequence(
                            "the indexes of searches are made when everything is there; searches are refused until then",
                            "makes the indexes of searches");
            assertThat(fewest).hasValueLessThan(before);
            assertThat(indexes()).isEqualTo(before);
            assertThat(owned()).hasSize(60);
            assertThat(loading.run(all, true).log())
                    .extracting(LogLine::text)
                    .doesNotContain("makes the indexes of searches");
        }
    }

    private int indexes() {
        try (MongoClient client = MongoClients.create(database.uri())) {
            return client.getDatabase(database.name())
                    .getCollection(TYPE)
                    .listIndexes()
                    .into(new ArrayList<>())
                    .size();
        }
    }

    /** What whoever reads the console sees of the daemon's log. */
    @Test
    void run_whatItSays_isKeptWithIt() {
        fill(25);

        Run run = mirroring.run(all, false);

        List<LogLine> log = mirroring.register().run(run.id()).map(Run::log).orElseThrow();
        assertThat(log).extracting(LogLine::text).first().asString().startsWith("begins, everything: ");
        assertThat(log).extracting(LogLine::text).anyMatch(text -> text.startsWith("reads 25 resources in "));
        assertThat(log).extracting(LogLine::text).last().asString().startsWith("complete, ");
        assertThat(log).noneMatch(LogLine::isWarning);
        assertThat(mirroring.register().runs(all.name(), 1).get(0).log()).isEmpty();
    }

    @Test
    void run_thatSaysMuch_keepsTheLastOfIt() {
        fill(5);
        Run run = mirroring.run(all, false);
        RunLog log = new RunLog(
                all.name(), mirroring.register(), mirroring.leader(), InstantSource.system(), UnaryOperator.identity());
        log.of(run);
        for (int i = 0; i < LogLine.KEPT + 10; i++) {
            log.warns(i + " of\nmany" + "x".repeat(1_000));
        }

        List<LogLine> kept = mirroring.register().run(run.id()).map(Run::log).orElseThrow();
        assertThat(kept).hasSize(LogLine.KEPT).allMatch(LogLine::isWarning);
        assertThat(kept.get(kept.size() - 1).text())
                .startsWith((LogLine.KEPT + 9) + " of many")
                .hasSizeLessThan(600);
    }

    @Test
    void log_saysNothingOfTheKey_whereverItHeardIt() {
        fill(5);
        Run run = mirroring.run(all, false);
        RunLog log = new RunLog(
                all.name(),
                mirroring.register(),
                mirroring.leader(),
                InstantSource.system(),
                text -> text.replace("topsecret", "(the key)"));
        log.of(run);
        log.says("one topsecret");
        log.warns("two topsecret");
        log.knows("three topsecret");

        List<LogLine> kept = mirroring.register().run(run.id()).map(Run::log).orElseThrow();
        assertThat(kept.subList(kept.size() - 3, kept.size()))
                .extracting(LogLine::text)
                .containsExactly("one (the key)", "two (the key)", "three (the key)");
    }

    @Test
    void run_ofEverything_tellsWhenItWentIntoEachPhase() {
        fill(5);

        Run run = mirroring.run(all, false);

        assertThat(mirroring.register().run(run.id()).orElseThrow().phases())
                .extracting(Run.Entered::phase)
                .containsExactly(Run.Phase.values());
    }

    @Test
    void run_whoseUpstreamStruggles_saysSo() {
        fill(5);
        upstream.next(call -> null);
        upstream.next(3, Response.of(503, "later"));

        Run run = mirroring.run(all, false);

        assertThat(mirroring.register().run(run.id()).map(Run::log).orElseThrow())
                .anySatisfy(line -> {
                    assertThat(line.text()).startsWith("up failed 3 times in a row");
                    assertThat(line.isWarning()).isTrue();
                });
    }

    @Test
    void run_thatFails_saysWhy_andKeepsNoKey() {
        fill(5);
        mirroring.run(all, false);
        upstream.advance(Duration.ofHours(1));
        upstream.next(call -> null, call -> Response.of(403, "no"));
        assertThatThrownBy(() -> mirroring.run(all, false)).isInstanceOf(RunEnded.class);
        Run failed = mirroring.register().runs(all.name(), 1).get(0);
        List<LogLine> log = mirroring.register().run(failed.id()).map(Run::log).orElseThrow();
        assertThat(log.get(log.size() - 1).isWarning()).isTrue();
        assertThat(log.get(log.size() - 1).text())
                .startsWith("ended, KEY_REFUSED")
                .doesNotContain("secret");
    }

    @Test
    void run_zippedAnswers_areTakenAsOthersAre() {
        fill(25);
        upstream.always(call -> upstream.answer(call).with("Content-Encoding", "gzip"));

        assertThat(mirroring.run(all, false).counts().created()).isEqualTo(25);
        assertThat(upstream.calls()).allMatch(ScriptedUpstream.Call::gzip);
    }

    @Test
    void run_unchangedOrBumpedWithoutChange_makesNoVersion() {
        fill(30);
        mirroring.run(all, false);
        upstream.advance(Duration.ofHours(1));
        for (int i = 0; i < 20; i++) {
            upstream.bump("o" + i);
        }

        Run delta = mirroring.run(all, false);
        Run full = mirroring.run(all, true);

        assertThat(delta.full()).isFalse();
        assertThat(delta.counts().unchanged()).isEqualTo(20);
        assertThat(full.counts().received()).isGreaterThanOrEqualTo(30);
        assertThat(full.counts().updated()).isZero();
        assertThat(mirroring.versions(all).values()).containsOnly(1L);
    }

    @Test
    void run_deltaAfterChanges_takesThemOver() {
        fill(30);
        mirroring.run(all, false);
        upstream.advance(Duration.ofHours(1));
        upstream.put("o3", name("Autre"));
        upstream.put("new", name("Neuve"));

        Run run = mirroring.run(all, false);

        assertThat(run.full()).isFalse();
        assertThat(run.counts().updated()).isEqualTo(1);
        assertThat(run.counts().created()).isEqualTo(1);
        assertThat(mirroring.live(TYPE, "o3").version()).isEqualTo(2);
        assertThat(mirroring.live(TYPE, "o3").fhir().getString("name").getValue())
                .isEqualTo("Autre");
    }

    @Test
    void run_lateArrivalWithinTheOverlap_isTaken() {
        fill(5);
        mirroring.run(all, false);
        upstream.put("late", name("En retard"), upstream.now().minusSeconds(300));
        upstream.advance(Duration.ofMinutes(1));

        mirroring.run(all, false);

        assertThat(owned()).contains("late");
    }

    @Test
    void run_markOlderThanTheUpstreamRemembers_isFullAndSaysSo() {
        fill(5);
        mirroring.run(all, false);
        upstream.advance(Duration.ofDays(31));

        Run run = mirroring.run(all, false);

        assertThat(run.full()).isTrue();
        assertThat(run.reason()).contains("30 days");
    }

    @Test
    void run_whatVanishedAfterAFullPass_isRemovedWithHistory() {
        fill(30);
        mirroring.run(all, false);
        upstream.vanish("o4");
        upstream.advance(Duration.ofHours(1));

        assertThat(mirroring.run(all, false).counts().removed()).as("a delta").isZero();
        Run run = mirroring.run(all, true);

        assertThat(run.counts().removed()).isEqualTo(1);
        assertThat(mirroring.store().read(Caller.everyone(), new ResourceKey(TYPE, "o4")))
                .get()
                .isInstanceOf(ResourceVersion.Deleted.class);
        assertThat(mirroring.store().readVersion(Caller.everyone(), new ResourceKey(TYPE, "o4"), 1))
                .get()
                .isInstanceOf(ResourceVersion.Live.class);
    }

    @Test
    void run_whatVanishedAndComesBack_isCreatedAgain() {
        fill(30);
        mirroring.run(all, false);
        ScriptedUpstream.Stamped gone = upstream.resources().remove("o4");
        mirroring.run(all, true);
        upstream.resources().put("o4", gone);

        mirroring.run(all, true);

        assertThat(mirroring.live(TYPE, "o4").version()).isEqualTo(3);
    }

    private void fifthVanishes() {
        fill(100);
        mirroring.run(all, false);
        for (int i = 0; i < 20; i++) {
            upstream.vanish("o" + i);
        }
        upstream.advance(Duration.ofHours(1));
        assertThatThrownBy(() -> mirroring.run(all, true)).hasMessageContaining("20 of 100");
    }

    @Test
    void run_moreThanTheGuardAllowsVanished_waitsForAPersonWhileDeltasGoOn() {
        fifthVanishes();

        assertThat(owned()).hasSize(100);
        assertThat(state().state()).isEqualTo(Synchronisation.State.KO);
        assertThat(state().cause()).contains("sync confirm");
        assertThat(said(state().why()))
                .as("for pages, without words")
                .containsExactly(new Said(Kind.GUARD, List.of("20", "100", "5")));
        assertThat(Objects.requireNonNull(state().held()).why()).isEqualTo(state().why());
        assertThat(state().mark())
                .as("what was not shown may come back as it was")
                .isEqualTo(upstream.now().minus(Duration.ofHours(1)));
        assertThat(mirroring.register().openRuns())
                .as("its marks are needed")
                .contains(Objects.requireNonNull(state().held()).run());
        upstream.put("new", name("Neuve"));
        upstream.advance(Duration.ofHours(1));
        Run delta = mirroring.run(all, false);
        assertThat(delta.full()).isFalse();
        assertThat(delta.end()).isEqualTo(Run.End.DONE);
        assertThat(state().cause()).as("it waits all the same").contains("sync confirm");

        obey(Command.Verb.CONFIRM);
        Run run = mirroring.run(all, false);

        assertThat(run.full()).isFalse();
        assertThat(run.counts().removed()).isEqualTo(20);
        assertThat(owned()).hasSize(81).contains("new");
        assertThat(state().state()).isEqualTo(Synchronisation.State.OK);
        assertThat(state().held()).isNull();
    }

    @Test
    void run_heldAndRejectedTooMuch_isFoundByWhatItRejectedOnceConfirmed() {
        fill(100);
        mirroring.run(all, false);
        for (int i = 0; i < 25; i++) {
            upstream.vanish("o" + i);
            upstream.put("bad" + i, "\"nome\":\"x\"", upstream.now().minusSeconds(86_400));
        }
        upstream.advance(Duration.ofHours(1));
        assertThatThrownBy(() -> mirroring.run(all, true)).hasMessageContaining("25 of 100");
        String held = Objects.requireNonNull(state().held()).run();
        obey(Command.Verb.CONFIRM);

        mirroring.run(all, false);

        assertThat(said(state().why())).extracting(Said::kind).containsExactly(Kind.REJECTS);
        assertThat(mirroring.register().lastThatRejectedTooMuch(all.name()))
                .hasValueSatisfying(run -> assertThat(run.id()).isEqualTo(held));
    }

    /** Changed before the upstream lost sight of it, and stamped so once it is there again. */
    @Test
    void run_whatWasHiddenWhileARemovalIsHeld_isTakenOnceItIsBack() {
        fill(100);
        mirroring.run(all, false);
        upstream.advance(Duration.ofHours(1));
        upstream.put("o5", name("Changée"), upstream.now().minusSeconds(1_800));
        Map<String, ScriptedUpstream.Stamped> hidden = new HashMap<>();
        for (int i = 0; i < 20; i++) {
            hidden.put("o" + i, Objects.requireNonNull(upstream.resources().remove("o" + i)));
        }
        assertThatThrownBy(() -> mirroring.run(all, true)).hasMessageContaining("sync full " + all.name());
        upstream.advance(Duration.ofHours(1));
        mirroring.run(all, false);
        upstream.resources().putAll(hidden);
        upstream.advance(Duration.ofHours(1));

        assertThat(mirroring.run(all, false).full()).isFalse();
        assertThat(mirroring.live(TYPE, "o5").fhir().getString("name").getValue())
                .isEqualTo("Changée");
    }

    @Test
    void run_emptiedUpstream_isNotADeltaThatFoundNothing() {
        fill(30);
        mirroring.run(all, false);
        Instant mark = state().mark();
        Map<String, ScriptedUpstream.Stamped> before = Map.copyOf(upstream.resources());
        upstream.resources().clear();
        upstream.advance(Duration.ofHours(1));

        assertThatThrownBy(() -> mirroring.run(all, false))
                .hasMessageContaining("the upstream has none, and here are 30")
                .isInstanceOfSatisfying(
                        RunEnded.class, ended -> assertThat(ended.why()).isEqualTo(RunEnded.Why.INCOMPLETE));
        assertThat(state().mark()).isEqualTo(mark);
        upstream.resources().putAll(before);
        assertThat(mirroring.run(all, false).end()).isEqualTo(Run.End.DONE);
        upstream.resources().clear();
        assertThatThrownBy(() -> mirroring.run(all, true)).hasMessageContaining("30 of 30");
        obey(Command.Verb.CONFIRM);

        mirroring.run(all, false);

        assertThat(owned()).as("a person said so").isEmpty();
        assertThat(state().state()).isEqualTo(Synchronisation.State.OK);
    }

    @Test
    void run_windowsThatCountAsZeroOnce_areReadAllTheSame() {
        fill(55);
        Set<String> said = ConcurrentHashMap.newKeySet();
        upstream.always(call -> call.isCount() && call.query().contains("_lastUpdated") && said.add(call.query())
                ? Response.of(200, upstream.answer(call).body().replaceFirst("\"total\":[0-9]+", "\"total\":0"))
                : null);
        mirroring.run(all, false);
        assertThat(owned()).hasSize(55);
        upstream.advance(Duration.ofHours(1));
        upstream.put("new", name("Neuve"));

        mirroring.run(all, false);

        assertThat(owned()).contains("new");
    }

    @Test
    void run_pageThatIsEmptyOnce_isAskedForAgain() {
        fill(105);
        AtomicInteger empty = new AtomicInteger();
        upstream.always(call -> !call.isCount() && !call.isPage() && empty.incrementAndGet() % 3 == 1
                ? Response.of(
                        200,
                        "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"total\":0,\"entry\":[],"
                                + "\"link\":[{\"relation\":\"self\",\"url\":\"x\"}]}")
                : null);

        assertThat(mirroring.run(all, false).counts().restarts()).isPositive();
        assertThat(owned()).hasSize(105);
    }

    @Test
    void run_idsThatCannotBeAskedForTogether_areAskedForInHalves() {
        fill(60);
        mirroring.run(all, false);
        List.of("o1", "o2", "o3", "o4").forEach(upstream::vanish);
        upstream.always(call -> call.query().contains(",") && !call.isCount() ? Response.of(502, "") : null);

        assertThat(mirroring.run(all, true).counts().removed()).isEqualTo(4);
        assertThat(owned()).hasSize(56);
    }

    @Test
    void check_idsOnSeveralPages_areFollowed() {
        fill(30);
        mirroring.run(all, false);
        upstream.always(call -> call.query().contains("_id=")
                ? upstream.answer(new ScriptedUpstream.Call(
                        call.path(), call.query().replaceAll("_count=[1-9][0-9]*", "_count=2"), 0, false))
                : null);

        CheckCopy.Report report = check().sample(20, new Random(1));

        assertThat(report.isEqual()).as("%s", report).isTrue();
        assertThat(report.compared()).isEqualTo(20);
        assertThat(upstream.calls()).anyMatch(ScriptedUpstream.Call::isPage);
    }

    @Test
    void check_afterAnErasureAndARejection_countsThemApart() {
        fill(30);
        upstream.put("bad", "\"nome\":\"x\"", upstream.now().minusSeconds(86_400));
        mirroring.run(all, false);
        mirroring.store().erase(Caller.everyone(), new ResourceKey(TYPE, "o1"));

        CheckCopy.Report complete = check().complete();
        CheckCopy.Report sample = check().sample(100, new Random(1));

        assertThat(complete.named()).isEmpty();
        assertThat(complete.leftOut()).isEqualTo(2);
        assertThat(sample.named()).isEmpty();
    }

    @Test
    void run_upstreamThatRepairedItself_needsNobody() {
        fifthVanishes();
        for (int i = 0; i < 20; i++) {
            upstream.put("o" + i, name("Pharmacie " + i));
        }

        Run run = mirroring.run(all, true);

        assertThat(run.end()).isEqualTo(Run.End.DONE);
        assertThat(owned()).hasSize(100);
        assertThat(state().state()).isEqualTo(Synchronisation.State.OK);
        assertThat(state().held()).isNull();
    }

    @Test
    void confirm_beforeAnythingIsHeld_allowsNothing() {
        fill(100);
        mirroring.run(all, false);
        upstream.always(call -> {
            upstream.always(null);
            obey(Command.Verb.CONFIRM);
            for (int i = 0; i < 20; i++) {
                upstream.vanish("o" + i);
            }
            return null;
        });

        assertThatThrownBy(() -> mirroring.run(all, true)).hasMessageContaining("20 of 100");
        assertThat(owned()).hasSize(100);
    }

    @Test
    void run_commandFullDuringARun_isObeyedAfterIt() {
        fill(8);
        upstream.next(call -> {
            obey(Command.Verb.FULL);
            return null;
        });
        mirroring.run(all, false);
        upstream.next(call -> null, call -> {
            obey(Command.Verb.FULL);
            return null;
        });

        mirroring.run(all, false);

        assertThat(state().wanted()).isTrue();
        assertThat(mirroring.run(all, false).reason()).contains("asked for");
        assertThat(state().wanted()).isFalse();
    }

    @Test
    void run_stoppedWhileItEnds_staysStopped() {
        fill(5);
        upstream.always(call -> {
            upstream.always(null);
            obey(Command.Verb.STOP);
            return null;
        });

        assertThat(mirroring.run(all, false).end()).isEqualTo(Run.End.DONE);
        assertThat(state().state()).as("complete").isEqualTo(Synchronisation.State.STOP);
        upstream.always(call -> Response.of(403, "no"));
        assertThatThrownBy(() -> mirroring.run(all, false)).isInstanceOf(RunEnded.class);
        assertThat(state().state()).as("failed").isEqualTo(Synchronisation.State.STOP);
        obey(Command.Verb.START);
        assertThat(state().state()).isEqualTo(Synchronisation.State.OK);
    }

    @Test
    void run_upstreamRestoredFromABackup_isBelievedByAFullPass() {
        fill(30);
        mirroring.run(all, false);
        upstream.advance(Duration.ofHours(1));
        upstream.put("o3", name("Perdue"));
        mirroring.run(all, false);
        upstream.put("o3", name("Restaurée"), upstream.now().minusSeconds(7_200));
        upstream.advance(Duration.ofHours(1));

        Run run = mirroring.run(all, true);

        assertThat(run.counts().updated()).isEqualTo(1);
        assertThat(mirroring.live(TYPE, "o3").fhir().getString("name").getValue())
                .isEqualTo("Restaurée");
        assertThat(mirroring.run(all, true).counts().updated()).isZero();
    }

    @Test
    void run_answersWithoutTotalToIds_removeNothing() {
        fill(30);
        mirroring.run(all, false);
        upstream.vanish("o4");
        upstream.always(call -> call.query().contains("_id=")
                ? Response.of(200, upstream.answer(call).body().replaceFirst("\"total\":[0-9]+,", ""))
                : null);

        assertThatThrownBy(() -> mirroring.run(all, true))
                .isInstanceOfSatisfying(
                        RunEnded.class, ended -> assertThat(ended.why()).isEqualTo(RunEnded.Why.INCOMPLETE));
        assertThat(owned()).contains("o4");
    }

    @Test
    void run_otherFilter_isFullAndSaysSo() {
        Definition before = filtered("name=A");
        upstream.put("a1", name("A1"));
        upstream.put("b1", name("B1"), upstream.now().minusSeconds(86_400));
        runAs(before);
        upstream.advance(Duration.ofHours(1));
        Definition after = filtered("name=B");

        Run run = runAs(after, false);

        assertThat(run.full()).isTrue();
        assertThat(run.reason()).contains("name=A");
        assertThat(mirroring.versions(after)).containsOnlyKeys("b1");
        assertThat(runAs(after, false).full()).isFalse();
    }

    @Test
    void run_quietDelta_isKeptForAWeekOnly() {
        fill(5);
        Run full = mirroring.run(all, false);
        upstream.advance(Duration.ofHours(1));

        Run quiet = mirroring.run(all, false);

        assertThat(until(full)).isEqualTo(full.began().plus(Duration.ofDays(90)));
        assertThat(until(quiet)).isEqualTo(quiet.began().plus(Duration.ofDays(7)));
    }

    private Instant until(Run run) {
        try (MongoClient client = MongoClients.create(database.uri())) {
            Document found = client.getDatabase(database.name())
                    .getCollection("miroir_runs")
                    .find(Filters.eq("_id", run.id()))
                    .first();
            return Objects.requireNonNull(found).getDate("until").toInstant();
        }
    }

    @Test
    void run_candidateThatIsThereWhenAskedFor_isKept() {
        fill(30);
        mirroring.run(all, false);
        upstream.always(call -> call.isCount() || call.query().contains("_id=") || call.isPage()
                ? null
                : upstream.answerWithout("o4", call));

        Run run = mirroring.run(all, true);

        assertThat(run.counts().removed()).isZero();
        assertThat(owned()).contains("o4");
    }

    @Test
    void run_inactiveStub_replacesTheContentAndHistoryKeepsIt() {
        upstream.put("o1", "\"active\":true," + name("Pleine"), upstream.now().minusSeconds(9_000));
        mirroring.run(all, false);
        upstream.advance(Duration.ofHours(1));
        upstream.put("o1", "\"active\":false");

        Run run = mirroring.run(all, false);

        assertThat(run.counts().deactivated()).isEqualTo(1);
        assertThat(mirroring.live(TYPE, "o1").fhir().containsKey("name")).isFalse();
        ResourceVersion before = mirroring
                .store()
                .readVersion(Caller.everyone(), new ResourceKey(TYPE, "o1"), 1)
                .orElseThrow();
        assertThat(((ResourceVersion.Live) before).fhir().getString("name").getValue())
                .isEqualTo("Pleine");
    }

    @Test
    void run_pagesThatAreNotWhole_areAskedForAgain() {
        fill(25);
        String truncated = upstream.answer(new ScriptedUpstream.Call("/fhir/v2/Organization", "_count=200", 0, false))
                .body();
        upstream.always(onFirstPages(
                Response.of(200, truncated.substring(0, truncated.length() / 2)),
                new Response(200, truncated.substring(0, 300), Map.of(), 4_000),
                Response.of(200, truncated.replace("\"link\":", "\"lnk\":")),
                Response.of(200, truncated.replace("\"resourceType\":\"Organization\"", "\"resourceType\":\"Device\"")),
                Response.of(200, truncated.replace("\"id\":\"o3\"", "\"nid\":\"o3\"")),
                Response.of(200, "<html>maintenance</html>"),
                Response.of(502, ""),
                Response.of(504, ""),
                Response.of(429, "").with("Retry-After", "0")));

        Run run = mirroring.run(all, false);

        assertThat(run.counts().retries()).isPositive();
        assertThat(run.end()).isEqualTo(Run.End.DONE);
        assertThat(owned()).hasSize(25);
    }

    private ScriptedUpstream.Fault onFirstPages(Response... responses) {
        AtomicInteger next = new AtomicInteger();
        return call -> !holdsAny(call) || call.isPage() || next.get() >= responses.length
                ? null
                : responses[next.getAndIncrement()];
    }

    @Test
    void run_deadLinks_readTheWindowAgainFromItsStart() {
        Mirroring large = mirroring;
        fill(300);
        AtomicInteger dead = new AtomicInteger();
        upstream.always(call -> call.isPage() && dead.incrementAndGet() <= 4
                ? Response.of(List.of(500, 400, 404, 410).get(dead.get() - 1), "too old or corrupted")
                : null);
        for (int i = 0; i < 300; i++) {
            upstream.put("o" + i, name("A la fois"), Instant.parse("2026-01-01T00:00:00Z"));
        }

        Run run = large.run(all, false);

        assertThat(run.counts().restarts()).isEqualTo(4);
        assertThat(owned()).hasSize(300);
    }

    @Test
    void run_lostResourcesRepeatedPagesAndWrongTotals_areNeverComplete() {
        fill(8);
        AtomicInteger wrong = new AtomicInteger();
        upstream.always(call -> {
            if (!holdsAny(call) || call.isPage() || wrong.get() >= 2) {
                return null;
            }
            return wrong.incrementAndGet() == 1
                    ? hiding("o2", call, 8)
                    : Response.of(200, upstream.answer(call).body().replace("\"total\":8", "\"total\":9"));
        });

        Run run = mirroring.run(all, false);

        assertThat(run.counts().restarts()).isEqualTo(2);
        assertThat(owned()).hasSize(8);
    }

    private Response hiding(String id, ScriptedUpstream.Call call, int total) {
        Response answer = upstream.answerWithout(id, call);
        return Response.of(200, answer.body().replaceFirst("\"total\":[0-9]+", "\"total\":" + total));
    }

    @Test
    void run_neverComplete_fails() {
        fill(8);
        upstream.always(call -> call.isCount() || call.isPage()
                ? null
                : Response.of(200, upstream.answer(call).body().replaceFirst("\"total\":[0-9]+", "\"total\":99")));

        assertThatThrownBy(() -> mirroring.run(all, false))
                .isInstanceOfSatisfying(
                        RunEnded.class, ended -> assertThat(ended.why()).isEqualTo(RunEnded.Why.INCOMPLETE));
        assertThat(state().mark()).isNull();
    }

    @Test
    void run_windowsThatAreIgnored_areRefused() {
        fill(50);
        upstream.always(call -> {
            String query = call.query().replaceAll("_lastUpdated=[^&]*&?", "");
            return call.isPage() ? null : upstream.answer(new ScriptedUpstream.Call(call.path(), query, 0, false));
        });

        assertThatThrownBy(() -> mirroring.run(all, false))
                .hasMessageContaining("_lastUpdated")
                .isInstanceOfSatisfying(
                        RunEnded.class, ended -> assertThat(ended.why()).isEqualTo(RunEnded.Why.QUESTION_REFUSED));
        assertThat(upstream.calls()).hasSizeLessThan(10);
    }

    @Test
    void run_resourcesThatNoWindowHas_areMissed() {
        fill(25);
        for (int i = 0; i < 30; i++) {
            upstream.put("unstamped" + i, name("x"), Instant.MIN);
        }

        assertThatThrownBy(() -> mirroring.run(all, false)).hasMessageContaining("there are 55 resources, and 25");
    }

    /** As the directory's documentation has it: no delta beyond thirty days. */
    private boolean reachesTooFarBack(ScriptedUpstream.Call call) {
        Matcher from = Pattern.compile("_lastUpdated=ge([^&]+)").matcher(call.query());
        return from.find()
                && Instant.parse(from.group(1)).isBefore(upstream.now().minus(Duration.ofDays(30)));
    }

    @Test
    void run_windowsOfMoreThanThirtyDaysRefused_readsEverythingInOnePiece() {
        for (int i = 0; i < 450; i++) {
            upstream.put("o" + i, name("A la fois"), upstream.now().minus(Duration.ofDays(50 + i)));
        }
        AtomicInteger dead = new AtomicInteger();
        upstream.always(call -> reachesTooFarBack(call)
                ? Response.of(400, "A delta cannot exceed 30 days")
                : call.isPage() && dead.incrementAndGet() == 2 ? Response.of(410, "too old or corrupted") : null);

        Run run = mirroring.run(all, false);

        assertThat(run.end()).isEqualTo(Run.End.DONE);
        assertThat(run.counts().restarts()).as("its links died").isEqualTo(1);
        assertThat(owned()).hasSize(450);
        assertThat(check().complete().named()).isEmpty();
        upstream.advance(Duration.ofDays(1));
        upstream.put("o3", name("Autre"));
        upstream.vanish("o4");
        assertThat(mirroring.run(all, false).counts().updated()).isEqualTo(1);
        assertThat(mirroring.run(all, true).counts().removed()).isEqualTo(1);
        assertThat(check().complete().named()).isEmpty();
    }

    @Test
    void run_aFewThatNoWindowHas_areSaidAndTheOthersCopied() {
        fill(25);
        for (int i = 0; i < 3; i++) {
            upstream.put("unstamped" + i, name("x"), Instant.MIN);
        }

        assertThatThrownBy(() -> mirroring.run(all, false))
                .hasMessageContaining("3 of 28 resources are in no window")
                .isInstanceOfSatisfying(
                        RunEnded.class, ended -> assertThat(ended.why()).isEqualTo(RunEnded.Why.REJECTS));
        assertThat(owned()).hasSize(25);
        assertThat(state().mark()).isEqualTo(upstream.now());
        assertThat(state().state()).isEqualTo(Synchronisation.State.KO);
    }

    /** One resource without an id, which cannot be asked for alone. */
    @Test
    void run_windowThatNeverComes_isIncompleteAndNotAway() {
        fill(8);
        upstream.always(call -> call.isCount()
                ? null
                : Response.of(200, upstream.answer(call).body().replace("\"id\":\"o3\"", "\"nid\":\"o3\"")));

        assertThatThrownBy(() -> mirroring.run(all, false))
                .isInstanceOfSatisfying(
                        RunEnded.class, ended -> assertThat(ended.why()).isEqualTo(RunEnded.Why.INCOMPLETE))
                .hasMessageContaining("an entry has no id");
    }

    @Test
    void check_deadLinks_readTheWindowAgain() {
        Definition definition = all;
        for (int i = 0; i < 300; i++) {
            upstream.put("o" + i, name("A la fois"), Instant.parse("2026-01-01T00:00:00Z"));
        }
        mirroring.run(definition, false);
        AtomicInteger dead = new AtomicInteger();
        upstream.always(
                call -> call.isPage() && dead.incrementAndGet() <= 3 ? Response.of(410, "too old or corrupted") : null);

        CheckCopy.Report report = check().complete();

        assertThat(dead.get()).isGreaterThan(3);
        assertThat(report.isEqual()).as("%s", report).isTrue();
        assertThat(report.compared()).isEqualTo(300);
    }

    @Test
    void check_windowThatIsNeverComplete_fails() {
        fill(8);
        mirroring.run(all, false);
        upstream.always(call -> call.isCount()
                ? null
                : Response.of(200, upstream.answer(call).body().replaceFirst("\"total\":[0-9]+", "\"total\":99")));

        assertThatThrownBy(() -> check().complete()).hasMessageContaining("never complete");
        assertThatThrownBy(() -> check().sample(5, new Random(1))).hasMessageContaining("asked for the id o");
    }

    @Test
    void check_whatChangedSinceTheMark_isBehind() {
        fill(30);
        mirroring.run(all, false);
        assertThat(check().complete().behind()).isZero();
        upstream.advance(Duration.ofHours(1));
        upstream.put("o3", name("Autre"));
        upstream.put("new", name("Neuve"));

        CheckCopy.Report complete = check().complete();
        CheckCopy.Report sample = check().sample(100, new Random(1));

        assertThat(complete.isEqual()).as("%s", complete).isTrue();
        assertThat(complete.behind()).isEqualTo(2);
        assertThat(sample.isEqual()).as("%s", sample).isTrue();
        assertThat(sample.behind()).isEqualTo(2);
    }

    @Test
    void check_whatTheCopyMissed_differs() {
        fill(30);
        mirroring.run(all, false);
        upstream.put("o3", name("Autre"), upstream.now().minusSeconds(80_000));
        upstream.put("missed", name("x"), upstream.now().minusSeconds(80_000));

        assertThat(check().complete().named())
                .containsExactlyInAnyOrder("o3 has another content here", "missed is there and not here");
        assertThat(check().sample(100, new Random(1)).named())
                .containsExactlyInAnyOrder(
                        "o3 has another content here",
                        "1 more are there than here, and only 0 changed since the copy's mark");
    }

    @Test
    void check_whatIsGone_differsOnlyRightAfterAFullPass() {
        fill(30);
        mirroring.run(all, false);
        upstream.vanish("o4");

        assertThat(check().complete().named()).containsExactly("o4 is here and not there");
        assertThat(check().sample(100, new Random(1)).isEqual()).isFalse();
        upstream.advance(Duration.ofHours(1));
        mirroring.run(all, false);
        assertThat(check().complete().isEqual()).as("for the next full pass").isTrue();
        assertThat(check().complete().behind()).isEqualTo(1);
    }

    @Test
    void run_missingTotals_areCountedAfterwards() {
        fill(25);
        upstream.always(call -> call.isCount() || call.query().contains("_id=")
                ? null
                : Response.of(200, upstream.answer(call).body().replaceFirst("\"total\":[0-9]+,", "")));

        assertThat(mirroring.run(all, false).end()).isEqualTo(Run.End.DONE);
        assertThat(owned()).hasSize(25);
    }

    @Test
    void run_oddResources_areNormalisedAndBadOnesRejectedAlone() {
        fill(30);
        upstream.raw(
                "odd",
                "{\"resourceType\":\"Organization\",\"id\":\"odd\",\"meta\":{\"versionId\":2,\"lastUpdated\":\""
                        + upstream.now()
                        + "\"},\"name\":\"Étrange\",\"address\":[{\"line\":[null],\"city\":\"BERCK\"}]}");
        upstream.raw(
                "bad",
                "{\"resourceType\":\"Organization\",\"id\":\"bad\",\"meta\":{\"lastUpdated\":\"" + upstream.now()
                        + "\"},\"nome\":\"x\"}");

        Run run = mirroring.run(all, false);

        assertThat(run.end()).isEqualTo(Run.End.DONE);
        assertThat(owned()).hasSize(31).contains("odd").doesNotContain("bad");
        assertThat(run.counts().rejected()).isGreaterThanOrEqualTo(1);
        assertThat(run.rejections().get(0).id()).isEqualTo("bad");
        assertThat(run.rejections().get(0).reason()).contains("nome");
        assertThat(run.rejections().get(0).payload()).contains("\"nome\":\"x\"");
        assertThat(mirroring.parts().upstream(all).oddities().counts()).containsKeys("numeric versionId", "null");
    }

    @Test
    void run_tooManyRejects_isCompleteAndKo() {
        fill(30);
        for (int i = 0; i < 25; i++) {
            upstream.put("bad" + i, "\"nome\":\"x\"", upstream.now().minusSeconds(86_400));
        }

        assertThatThrownBy(() -> mirroring.run(all, false))
                .isInstanceOfSatisfying(
                        RunEnded.class, ended -> assertThat(ended.why()).isEqualTo(RunEnded.Why.REJECTS));
        assertThat(state().state()).isEqualTo(Synchronisation.State.KO);
        assertThat(state().mark()).isEqualTo(upstream.now());
        assertThat(owned()).hasSize(30);
        upstream.advance(Duration.ofHours(1));
        assertThat(mirroring.run(all, false).full()).as("what follows").isFalse();
        assertThat(state().state()).as("as long as they are not stored").isEqualTo(Synchronisation.State.KO);
        assertThat(state().cause()).contains("sync rejections");
        assertThat(said(state().why())).containsExactly(new Said(Kind.REJECTS, List.of("25", "55", "1")));
        assertThat(mirroring.register().lastThatRejectedTooMuch(all.name()))
                .as("of which that tells")
                .hasValueSatisfying(run -> assertThat(run.full()).isTrue());
        for (int i = 0; i < 25; i++) {
            upstream.put("bad" + i, name("x"));
        }
        mirroring.run(all, true);
        assertThat(state().state()).isEqualTo(Synchronisation.State.OK);
    }

    @Test
    void run_refusedKey_saysSoAtOnce() {
        upstream.always(call -> Response.of(401, "Unauthorized"));

        assertThatThrownBy(() -> mirroring.run(all, false))
                .isInstanceOfSatisfying(
                        RunEnded.class, ended -> assertThat(ended.why()).isEqualTo(RunEnded.Why.KEY_REFUSED));
        assertThat(upstream.calls()).hasSize(1);
        assertThat(said(state().why())).containsExactly(new Said(Kind.KEY_REFUSED, List.of("401")));
    }

    @Test
    void run_whereNothingIsAnsweredButErrors_saysWhich() {
        upstream.always(call -> Response.of(502, ""));

        assertThatThrownBy(() -> mirroring.run(all, false))
                .isInstanceOfSatisfying(
                        RunEnded.class, ended -> assertThat(ended.why()).isEqualTo(RunEnded.Why.UPSTREAM_AWAY));
        assertThat(said(state().why())).containsExactly(new Said(Kind.ANSWERS, List.of("502")));
    }

    /** Whether there is anything is not known: that it counts none is not the reason, and how often it was called is. */
    @Test
    void run_whereCountsComeAndPagesDoNot_saysWhy() {
        upstream.always(call -> call.isCount() ? null : Response.of(502, ""));

        assertThatThrownBy(() -> mirroring.run(all, false))
                .hasMessageContaining("a first page failed", "answers 502")
                .isInstanceOfSatisfying(
                        RunEnded.class, ended -> assertThat(ended.why()).isEqualTo(RunEnded.Why.INCOMPLETE));

        Run run = mirroring.register().runs(all.name(), 1).get(0);
        assertThat(said(run.why()))
                .singleElement()
                .satisfies(said -> assertThat(said.kind()).isEqualTo(Kind.PAGE_FAILS))
                .satisfies(said -> assertThat(said.values().get(1)).isEqualTo("502"));
        long pages = upstream.calls().stream().filter(call -> !call.isCount()).count();
        assertThat(run.counts().retries()).isEqualTo(pages).isGreaterThan(3);
        assertThat(state().why()).isEqualTo(run.why());
    }

    private static List<Said> said(@Nullable Cause why) {
        return Objects.requireNonNull(why).said();
    }

    @Test
    void run_linkToAnotherServer_isNotFollowed() {
        fill(5);
        upstream.always(call -> call.isCount()
                ? null
                : Response.of(
                        200,
                        upstream.answer(call)
                                .body()
                                .replace(
                                        "\"link\":[",
                                        "\"link\":[{\"relation\":\"next\",\"url\":\"http://127.0.0.2:1/x\"},")));

        assertThatThrownBy(() -> mirroring.run(all, false))
                .hasMessageContaining("another server")
                .isInstanceOfSatisfying(
                        RunEnded.class,
                        ended -> assertThat(ended.why()).as("at once").isEqualTo(RunEnded.Why.QUESTION_REFUSED));
    }

    @Test
    void run_filtered_sweepsOnlyWhatItCovers() {
        Definition filtered = filtered("name=A");
        upstream.put("a1", name("A1"));
        upstream.put("a2", name("A2"));
        upstream.put("b1", name("B1"));
        mirroring.register();
        Run first = runAs(filtered);
        upstream.put("a2", name("Z2"));
        Run second = runAs(filtered);

        assertThat(first.counts().created()).isEqualTo(2);
        assertThat(second.counts().removed()).isEqualTo(1);
        assertThat(mirroring.versions(filtered)).containsOnlyKeys("a1");
    }

    private Definition filtered(String filter) {
        return new Definition(
                "up/Organization/a",
                "up",
                TYPE,
                filter,
                all.schedule(),
                Duration.ofDays(100),
                all.overlap(),
                0.5,
                0.01,
                10);
    }

    private Run runAs(Definition definition) {
        return runAs(definition, true);
    }

    private Run runAs(Definition definition, boolean full) {
        assertThat(mirroring.leader().tryOnce()).isTrue();
        mirroring.register().publish(mirroring.leader().lease(), List.of(), List.of(definition));
        return mirroring
                .parts()
                .run(definition, mirroring.leader(), () -> false)
                .run(full);
    }

    @Test
    void put_overAMirroredResource_isRefused() {
        fill(3);
        mirroring.run(all, false);
        ResourceVersion.Live live = mirroring.live(TYPE, "o1");

        assertThatThrownBy(() -> mirroring.store().put(Caller.everyone(), live.key(), live.fhir(), Precondition.none()))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.FORBIDDEN));
        assertThatThrownBy(() -> mirroring.store().delete(Caller.everyone(), live.key(), Precondition.none()))
                .isInstanceOf(Refusal.class);
    }

    @Test
    void run_resourceOfThisServerOrErased_isLeftAlone() {
        fill(3);
        mirroring.run(all, false);
        mirroring.store().erase(Caller.everyone(), new ResourceKey(TYPE, "o1"));
        ResourceKey own = new ResourceKey(TYPE, "own");
        mirroring.store().put(Caller.everyone(), own, resource("own"), Precondition.none());
        upstream.put("own", name("D'ailleurs"));

        Run run = mirroring.run(all, true);

        assertThat(run.counts().erased()).isGreaterThanOrEqualTo(1);
        assertThat(run.rejections()).anyMatch(rejection -> rejection.reason().contains("of this server"));
        assertThat(owned()).containsExactly("o0", "o2");
        assertThat(Optional.of(mirroring.live(TYPE, "own").version())).hasValue(1L);
    }

    private static RawBsonDocument resource(String id) {
        return RawBsonDocument.parse("{\"resourceType\": \"Organization\", \"id\": \"" + id + "\", \"name\": \"Ici\"}");
    }
}
