package miroir.server.console;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import miroir.index.Refusal;
import miroir.storage.sync.Cause;
import miroir.storage.sync.Command;
import miroir.storage.sync.KnownSource;
import miroir.storage.sync.LogLine;
import miroir.storage.sync.Register;
import miroir.storage.sync.Run;
import miroir.storage.sync.Synchronisation;
import org.jspecify.annotations.Nullable;

/** Reads what pages show of sources, synchronisations and runs. */
final class ReadSynchronisations {
    private static final int MARKS = 30;
    private static final int RUNS = 50;
    private static final int LINES = 20;

    /** What the chips select, in their order; what is late or runs is in its state as well. */
    private static final Map<String, Predicate<SynchronisationRow>> STATES = states();

    private final @Nullable Register register;
    private final InstantSource clock;
    private final KnownRejections rejections = new KnownRejections(this::wholeRun);

    ReadSynchronisations(@Nullable Register register, InstantSource clock) {
        this.register = register;
        this.clock = clock;
    }

    private static Map<String, Predicate<SynchronisationRow>> states() {
        Map<String, Predicate<SynchronisationRow>> states = new LinkedHashMap<>();
        states.put("all", row -> true);
        states.put("running", SynchronisationRow::isRunning);
        states.put("ok", row -> row.badge().equals(Badge.GOOD));
        states.put("late", row -> row.badge().equals(Badge.LATE) || row.badge().equals(Badge.NEVER));
        states.put("ko", row -> row.badge().equals(Badge.BAD) || row.badge().equals(Badge.WAITING));
        states.put("stop", SynchronisationRow::isStopped);
        return states;
    }

    Register register() {
        if (register == null) {
            throw new Refusal(Refusal.Reason.NOT_FOUND, "this server knows of no synchronisations");
        }
        return register;
    }

    /** Those in a state; an empty text is all. */
    SynchronisationList list(String state) {
        Predicate<SynchronisationRow> selected = STATES.get(state.isEmpty() ? "all" : state);
        if (selected == null) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "state=" + Refusal.shown(state) + " is not known; there are " + String.join(", ", STATES.keySet()));
        }
        Instant now = clock.instant();
        boolean isLed = register().isLed(now);
        Set<String> asked = asked(false);
        List<SynchronisationRow> all = register().all().stream()
                .map(each -> SynchronisationRow.of(
                        each, register().readableRuns(each.name(), MARKS), isLed, asked.contains(each.name()), now))
                .toList();
        List<SynchronisationList.Chip> chips = new ArrayList<>();
        STATES.forEach((key, isIn) -> chips.add(new SynchronisationList.Chip(
                key,
                "/admin/synchronisations" + (key.equals("all") ? "" : "?state=" + key),
                all.stream().filter(isIn).count(),
                key.equals(state.isEmpty() ? "all" : state))));
        return new SynchronisationList(
                state.equals("all") ? "" : state,
                isLed,
                chips,
                all.stream().filter(selected).toList(),
                asked.stream()
                        .filter(name -> all.stream().noneMatch(row -> row.name().equals(name)))
                        .sorted()
                        .toList());
    }

    /** What is asked of the daemon and not done yet. */
    private Set<String> asked(boolean ofSources) {
        return register().commands().stream()
                .filter(command -> command.verb().isOfSource() == ofSources)
                .map(Command::subject)
                .collect(Collectors.toSet());
    }

    Synchronisation require(String dotted) {
        return register()
                .find(dotted.replace('.', '/'))
                .orElseThrow(() -> new Refusal(
                        Refusal.Reason.NOT_FOUND, "there is no synchronisation \"" + Refusal.shown(dotted) + "\""));
    }

    SynchronisationDetail detail(Synchronisation known) {
        Instant now = clock.instant();
        boolean isLed = register().isLed(now);
        List<Run> runs = register().readableRuns(known.name(), RUNS);
        List<Run> marked = runs.subList(0, Math.min(MARKS, runs.size()));
        return new SynchronisationDetail(
                SynchronisationRow.of(known, marked, isLed, asked(false).contains(known.name()), now),
                isLed,
                known.isFromFile(),
                known.held() != null,
                known.why(),
                rejecting(known),
                known.lastStart(),
                known.lastFull(),
                known.completed(),
                runs.stream().map(RunRow::of).toList(),
                runs.isEmpty() ? List.of() : lastOf(runs.get(0)));
    }

    /** The run that is complained of, which may be far behind those that are shown. */
    private @Nullable String rejecting(Synchronisation known) {
        Cause why = known.why();
        return why == null || !why.has(Cause.Kind.REJECTS)
                ? null
                : register().lastThatRejectedTooMuch(known.name()).map(Run::id).orElse(null);
    }

    private List<LogLine> lastOf(Run run) {
        List<LogLine> log =
                register().runWithoutRejections(run.id()).map(Run::log).orElse(List.of());
        return log.subList(Math.max(0, log.size() - LINES), log.size());
    }

    /** What a run did and said, without what it rejected. */
    RunDetail runDetail(String id) {
        Run run = runNow(id);
        return new RunDetail(run, run.end() == Run.End.WAITING && isHeld(run));
    }

    private boolean isHeld(Run run) {
        return register()
                .find(run.synchronisation())
                .map(Synchronisation::held)
                .filter(held -> held.run().equals(run.id()))
                .isPresent();
    }

    private Run runNow(String id) {
        return register().runWithoutRejections(id).orElseThrow(() -> noRun(id));
    }

    /** The page that is asked for of what a run could not take. */
    RejectionList rejections(String run, String page) {
        return RejectionList.of(wholeRun(run), page);
    }

    /** The first page of it, as it is now. */
    RejectionList rejectionsNow(String run) {
        return rejections.of(runNow(run));
    }

    private Run wholeRun(String id) {
        return register().run(id).orElseThrow(() -> noRun(id));
    }

    private static Refusal noRun(String id) {
        return new Refusal(Refusal.Reason.NOT_FOUND, "there is no run \"" + Refusal.shown(id) + "\" any more");
    }

    SourceList sources() {
        Set<String> asked = asked(true);
        List<Synchronisation> all = register().all();
        List<SourceRow> rows = register().sources().stream()
                .map(each -> row(each, all, asked.contains(each.name())))
                .toList();
        return new SourceList(
                rows,
                asked.stream()
                        .filter(name ->
                                rows.stream().noneMatch(row -> row.name().equals(name)))
                        .sorted()
                        .toList());
    }

    SourceRow row(KnownSource known) {
        return row(known, register().all(), asked(true).contains(known.name()));
    }

    private SourceRow row(KnownSource known, List<Synchronisation> all, boolean isAsked) {
        List<Synchronisation> using = all.stream()
                .filter(each -> each.definition().source().equals(known.name()))
                .toList();
        return new SourceRow(
                known.name(),
                known.definition().base().toString(),
                SourceForm.quota(known.definition()),
                known.definition().isFromFile(),
                JudgeSource.badge(using, clock.instant()),
                named(using, Synchronisation::isToConfirm),
                named(using, each -> !each.isToConfirm()),
                using.stream().map(Synchronisation::name).toList(),
                using.stream()
                        .map(Synchronisation::completed)
                        .filter(Objects::nonNull)
                        .max(Instant::compareTo)
                        .orElse(null),
                isAsked,
                known.tried());
    }

    private static List<String> named(List<Synchronisation> using, Predicate<Synchronisation> which) {
        return using.stream()
                .filter(each -> each.state() == Synchronisation.State.KO)
                .filter(which)
                .map(Synchronisation::name)
                .toList();
    }

    KnownSource source(String name) {
        return register()
                .source(name)
                .orElseThrow(() ->
                        new Refusal(Refusal.Reason.NOT_FOUND, "there is no source \"" + Refusal.shown(name) + "\""));
    }
}
