package miroir.storage.sync;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import miroir.storage.ledger.Change;
import miroir.storage.ledger.Lease;
import miroir.storage.ledger.Ledger;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sources, synchronisations, runs and commands as they stand in the database. Everybody may read, and put up commands; what
 * is written otherwise needs the lease, and fails with {@link miroir.storage.ledger.LeaseLost} where somebody else has it.
 */
public final class Register {
    static final String SOURCES = "miroir_sources";
    static final String SYNCHRONISATIONS = Ledger.SYNCHRONISATIONS;
    static final String RUNS = "miroir_runs";
    static final String COMMANDS = "miroir_commands";

    /** The job whose lease the leader has. */
    public static final String JOB = "synchronisation";

    private static final Logger LOG = LoggerFactory.getLogger(Register.class);
    private static final Duration RUNS_KEPT = Duration.ofDays(90);

    /** Deltas that found nothing: there may be one a minute. */
    private static final Duration QUIET_RUNS_KEPT = Duration.ofDays(7);

    /** A full pass that failed so often is put off for so long, lest it keep deltas from what changes. */
    private static final int FAILURES = 3;

    private static final Duration PUT_OFF = Duration.ofDays(1);

    private static final int ALL = 10_000;
    private static final String REJECTIONS = "rejections";

    private final Ledger ledger;

    /** What was said about documents that cannot be read. */
    private final Set<String> said = ConcurrentHashMap.newKeySet();

    public Register(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Makes what is missing. */
    public void prepare() {
        List.of(SOURCES, SYNCHRONISATIONS, RUNS, COMMANDS).forEach(ledger::makeSure);
        ledger.expireBy(RUNS, "until");
        ledger.orderBy(RUNS, "synchronisation", "began");
    }

    /** Refuses sources that are not where their copies came from, see {@link SourceMoves}. */
    public void checkAddresses(List<SourceDefinition> sources) {
        new SourceMoves(this, ledger).of(sources);
    }

    /** Writes down what is configured; what was known before stays. */
    public void publish(Lease lease, List<SourceDefinition> sources, List<Definition> definitions) {
        List<Change> changes = new ArrayList<>(new SourceMoves(this, ledger).of(sources));
        definitions.forEach(definition -> changes.add(Change.set(
                SYNCHRONISATIONS,
                definition.name(),
                new Fields()
                        .value("definition", definition.document())
                        .text("origin", Synchronisation.FILE)
                        .document())));
        definitions.forEach(definition -> otherFilter(definition).ifPresent(changes::add));
        ledger.change(lease, changes);
    }

    /** What another filter selects may have changed long before the mark. */
    Optional<Change> otherFilter(Definition definition) {
        return ledger.find(SYNCHRONISATIONS, definition.name())
                .map(known -> Fields.text(known.getDocument("definition", new BsonDocument()), "filter", ""))
                .filter(before -> !before.equals(definition.filter()))
                .map(before -> Change.set(
                        SYNCHRONISATIONS,
                        definition.name(),
                        new Fields()
                                .text("fullBecause", "its filter was '" + before + "' before")
                                .document()));
    }

    /** Forgets synchronisations and sources that the file named once and does not any more; their resources stay. */
    public void forgetOthers(Lease lease, List<SourceDefinition> sources, List<Definition> definitions) {
        Set<String> names = new HashSet<>();
        definitions.forEach(definition -> names.add(definition.name()));
        Set<String> ofSources = new HashSet<>();
        sources.forEach(source -> ofSources.add(source.name()));
        List<Change> changes = new ArrayList<>();
        SourceMoves moves = new SourceMoves(this, ledger);
        sources().stream()
                .filter(known -> known.definition().isFromFile() && !ofSources.contains(known.name()))
                .forEach(known -> changes.addAll(moves.removed(known)));
        for (Synchronisation known : all()) {
            if (known.isFromFile() && !names.contains(known.name())) {
                changes.addAll(moves.forgotten(known));
                changes.add(Change.remove(SYNCHRONISATIONS, known.name()));
                changes.addAll(abandoned(known));
            }
        }
        if (!changes.isEmpty()) {
            ledger.change(lease, changes);
        }
    }

    /** Its open runs, which nobody goes on with. */
    List<Change> abandoned(Synchronisation known) {
        return open(known)
                .map(open -> Change.set(RUNS, open.id(), end(Run.End.ABANDONED, null, null)))
                .toList();
    }

    private Stream<Run> open(Synchronisation known) {
        PutOff putOff = known.putOff();
        return Stream.of(run(known.run()), run(putOff == null ? null : putOff.run()))
                .flatMap(Optional::stream)
                .filter(Run::isOpen);
    }

    /** The ids of the runs that somebody goes on with, or of which something is held back. */
    public Set<String> openRuns() {
        Set<String> open = new HashSet<>();
        for (Synchronisation each : all()) {
            PutOff putOff = each.putOff();
            Stream.of(each.run(), putOff == null ? null : putOff.run())
                    .flatMap(Stream::ofNullable)
                    .filter(this::mayBeOpen)
                    .forEach(open::add);
            Held held = each.held();
            if (held != null) {
                open.add(held.run());
            }
        }
        return open;
    }

    /** One that cannot be read may be. */
    private boolean mayBeOpen(String run) {
        return ledger.find(RUNS, run)
                .filter(document -> readable(List.of(document), Run::of).allMatch(Run::isOpen))
                .isPresent();
    }

    /** All sources, by name. */
    public List<KnownSource> sources() {
        return readable(
                        ledger.list(SOURCES, new BsonDocument(), "_id", ALL).stream()
                                .filter(Register::isThere)
                                .toList(),
                        KnownSource::of)
                .sorted(Comparator.comparing(KnownSource::name))
                .toList();
    }

    public Optional<KnownSource> source(String name) {
        return ledger.find(SOURCES, name).filter(Register::isThere).map(KnownSource::of);
    }

    /** The address that the copies of a source come from, also of one that is not there any more. */
    public Optional<String> copiedFrom(String source) {
        return new SourceMoves(this, ledger).bound(source);
    }

    /** Of those that are not, it is kept where they were. */
    private static boolean isThere(BsonDocument source) {
        return !Fields.flag(source, KnownSource.REMOVED);
    }

    /** The synchronisations of a source. */
    public List<String> namesOf(String source) {
        return all().stream()
                .filter(each -> each.definition().source().equals(source))
                .map(Synchronisation::name)
                .toList();
    }

    /** Whether a daemon leads, or did a moment ago. */
    public boolean isLed(Instant now) {
        return ledger.find(Ledger.JOBS, JOB)
                .map(lease -> Fields.instant(lease, "until"))
                .filter(until -> until.isAfter(now))
                .isPresent();
    }

    /** In the order of their priorities. */
    public List<Synchronisation> all() {
        return readable(ledger.list(SYNCHRONISATIONS, new BsonDocument(), "_id", ALL), Synchronisation::of)
                .sorted(Comparator.<Synchronisation>comparingInt(
                                each -> each.definition().priority())
                        .thenComparing(Synchronisation::name))
                .toList();
    }

    /** What somebody wrote by hand, or a newer version, must not keep all others from running. */
    private <T> Stream<T> readable(List<BsonDocument> documents, Function<BsonDocument, T> reader) {
        return documents.stream().flatMap(document -> {
            try {
                return Stream.of(reader.apply(document));
            } catch (RuntimeException e) {
                if (said.add(document.get("_id") + ": " + e.getMessage())) {
                    LOG.warn("{} cannot be read and is left alone: {}", document.get("_id"), e.getMessage());
                }
                return Stream.empty();
            }
        });
    }

    public Optional<Synchronisation> find(String name) {
        return ledger.find(SYNCHRONISATIONS, name).map(Synchronisation::of);
    }

    public Optional<Run> run(@Nullable String id) {
        return id == null ? Optional.empty() : ledger.find(RUNS, id).map(Run::of);
    }

    /** A run without what it rejected, which can be much. */
    public Optional<Run> runWithoutRejections(String id) {
        BsonDocument of = new BsonDocument("_id", new BsonString(id));
        return ledger.listWithout(List.of(REJECTIONS), RUNS, of, "_id", 1).stream()
                .map(Run::of)
                .findFirst();
    }

    /** The last runs of a synchronisation, the newest first, without what they rejected and said, which can be much. */
    public List<Run> runs(String synchronisation, int limit) {
        return documentsOfRuns(synchronisation, limit).stream().map(Run::of).toList();
    }

    /** The same but for those that cannot be read. */
    public List<Run> readableRuns(String synchronisation, int limit) {
        return readable(documentsOfRuns(synchronisation, limit), Run::of).toList();
    }

    private List<BsonDocument> documentsOfRuns(String synchronisation, int limit) {
        BsonDocument of = new BsonDocument("synchronisation", new BsonString(synchronisation));
        return ledger.listWithout(List.of(REJECTIONS, Run.LOG), RUNS, of, "began", limit);
    }

    /** The last run of a synchronisation that rejected anything. */
    public Optional<Run> lastThatRejected(String synchronisation) {
        BsonDocument of = new BsonDocument("synchronisation", new BsonString(synchronisation))
                .append("rejections.0", new BsonDocument("$exists", BsonBoolean.TRUE));
        return ledger.list(RUNS, of, "began", 1).stream().map(Run::of).findFirst();
    }

    /** The last run of a synchronisation that rejected more than it may, without what it rejected and said. */
    public Optional<Run> lastThatRejectedTooMuch(String synchronisation) {
        BsonDocument of = new BsonDocument("synchronisation", new BsonString(synchronisation))
                .append("causeWhy.said.kind", new BsonString(Run.spelt(Cause.Kind.REJECTS)));
        return readable(ledger.listWithout(List.of(REJECTIONS, Run.LOG), RUNS, of, "began", 1), Run::of)
                .filter(run -> has(run, Cause.Kind.REJECTS))
                .findFirst();
    }

    private static boolean has(Run run, Cause.Kind kind) {
        Cause why = run.why();
        return why != null && why.has(kind);
    }

    /** Puts up a command. */
    public void post(Command command) {
        ledger.post(COMMANDS, command.document());
    }

    /** What is wanted, the oldest first. */
    public List<Command> commands() {
        return readable(ledger.list(COMMANDS, new BsonDocument(), "at", ALL), Command::of)
                .sorted(Comparator.comparing(Command::at))
                .toList();
    }

    /**
     * Does what a command says of definitions.
     *
     * @throws miroir.index.yaml.ConfigurationRefused where it cannot be done any more
     */
    public synchronized void define(Lease lease, Command command) {
        List<Change> changes = new ArrayList<>(new ChangeDefinitions(this, ledger).of(command));
        changes.add(Change.remove(COMMANDS, command.id()));
        ledger.change(lease, changes);
    }

    /** Writes down what came of a call that a command asked for, if the source is still what was called. */
    public synchronized void tried(Lease lease, Command command, SourceDefinition called, KnownSource.Trial trial) {
        List<Change> changes = new ArrayList<>();
        if (source(command.subject())
                .filter(known -> known.definition().isAskedLike(called))
                .isPresent()) {
            changes.add(Change.set(
                    SOURCES,
                    command.subject(),
                    new Fields().value("tried", trial.document()).document()));
        }
        changes.add(Change.remove(COMMANDS, command.id()));
        ledger.change(lease, changes);
    }

    /** Writes down how far a run is, for whoever watches; the checkpoint is elsewhere. */
    public void show(Lease lease, String run, long read, double rate, Instant now) {
        BsonDocument progress = new Fields()
                .number("read", read)
                .fraction("rate", rate)
                .instant("at", now)
                .document();
        ledger.change(
                lease,
                List.of(Change.set(
                        RUNS, run, new Fields().value("progress", progress).document())));
    }

    /** Keeps what a run said, the last of it. */
    public void keep(Lease lease, String run, LogLine line) {
        BsonDocument last = new BsonDocument("$each", new BsonArray(List.of(line.document())))
                .append("$slice", new BsonInt32(-LogLine.KEPT));
        BsonDocument push = new BsonDocument("$push", new BsonDocument(Run.LOG, last));
        ledger.change(lease, List.of(new Change(RUNS, run, push)));
    }

    /** Does what a command says to the synchronisation's state. */
    public synchronized void obey(Lease lease, Command command, Synchronisation about) {
        Fields fields = new Fields();
        switch (command.verb()) {
            case START -> start(fields);
            case FULL -> start(fields).text("fullBecause", "it was asked for at " + command.at());
            case STOP -> fields.flag("stopped", true).flag("wanted", false);
            case CONFIRM -> confirm(fields, about);
            case DEFINE, REMOVE, DEFINE_SOURCE, REMOVE_SOURCE, TRY_SOURCE ->
                throw new IllegalArgumentException(command.verb() + " says nothing of a state");
        }
        ledger.change(
                lease,
                List.of(
                        Change.set(SYNCHRONISATIONS, command.subject(), fields.document()),
                        Change.remove(COMMANDS, command.id())));
    }

    private static Fields start(Fields fields) {
        return fields.text("state", "OK")
                .cause("cause", null)
                .flag("stopped", false)
                .flag("wanted", true);
    }

    /** What was held back by then, and nothing that is found later. */
    private static void confirm(Fields fields, Synchronisation about) {
        Held held = about.held();
        if (held == null) {
            LOG.warn("{}: there is nothing to confirm", about.name());
            fields.text("confirmed", null);
        } else {
            fields.text("confirmed", held.run()).flag("wanted", true);
        }
    }

    /** Forgets a command that is about nothing. */
    public void drop(Lease lease, Command command) {
        ledger.change(lease, List.of(Change.remove(COMMANDS, command.id())));
    }

    /** A run begins, in place of those that are not gone on with. */
    public void begin(Lease lease, Run run, List<Run> abandoned) {
        List<Change> changes = new ArrayList<>();
        abandoned.forEach(
                each -> changes.add(Change.set(RUNS, each.id(), end(Run.End.ABANDONED, run.began(), each.why()))));
        changes.add(Change.set(RUNS, run.id(), run.document().append("until", until(run, RUNS_KEPT))));
        changes.add(begun(run, run.began()));
        ledger.change(lease, changes);
    }

    /** Somebody goes on with a run. */
    public void resume(Lease lease, Run run, Instant now) {
        ledger.change(lease, List.of(Change.set(RUNS, run.id(), end(Run.End.RUNNING, null, null)), begun(run, now)));
    }

    private static Change begun(Run run, Instant now) {
        Fields fields = new Fields()
                .text("run", run.id())
                .instant("lastStart", now)
                .instant("failed", null)
                .flag("wanted", false);
        BsonDocument update = new BsonDocument(
                        "$set", (run.full() ? fields.value("putOff", BsonNull.VALUE) : fields).document())
                .append("$min", new Fields().instant("firstStart", now).document());
        return new Change(SYNCHRONISATIONS, run.synchronisation(), update);
    }

    /** The run goes into its next phase, with what is to be read in it. */
    public void enter(Lease lease, Run run, Run.Phase phase, List<Piece> pieces, Instant now) {
        long more = pieces.stream().mapToLong(Piece::count).sum();
        BsonDocument update = new BsonDocument(
                        "$set",
                        new Fields()
                                .text("phase", Run.spelt(phase))
                                .value("windows", Run.pieces(pieces))
                                .document())
                .append("$inc", new Fields().number("total", more).document())
                .append("$push", new BsonDocument(Run.PHASES, new Run.Entered(phase, now).document()));
        ledger.change(lease, List.of(new Change(RUNS, run.id(), update)));
    }

    /** The window was complete: it is not read again. */
    public void complete(Lease lease, Run run, Piece piece, Counts counts, List<Rejection> rejections) {
        ledger.change(lease, List.of(without(run, piece), counted(run, counts, rejections)));
    }

    /** The window is read in parts instead. */
    public void replace(Lease lease, Run run, Piece piece, List<Piece> parts) {
        BsonDocument push =
                new BsonDocument("$push", new BsonDocument("windows", new BsonDocument("$each", Run.pieces(parts))));
        ledger.change(lease, List.of(without(run, piece), new Change(RUNS, run.id(), push)));
    }

    /** What was done outside of windows, or in one that is not complete. */
    public void count(Lease lease, Run run, Counts counts, List<Rejection> rejections) {
        ledger.change(lease, List.of(counted(run, counts, rejections)));
    }

    /** What a person allowed is removed. */
    public void release(Lease lease, Run run) {
        Fields none = new Fields().value("held", BsonNull.VALUE).text("confirmed", null);
        ledger.change(lease, List.of(Change.set(SYNCHRONISATIONS, run.synchronisation(), none.document())));
    }

    /**
     * The run is complete: the next one begins from its mark.
     *
     * @param complaint what a person has to look at all the same; null where there is nothing
     */
    public synchronized void done(Lease lease, Run run, @Nullable Cause complaint, Instant now) {
        Synchronisation known = find(run.synchronisation()).orElseThrow();
        // A full run has found out by itself what is gone.
        complete(lease, known, run, end(Run.End.DONE, now, complaint), run.full() ? null : known.held(), complaint);
    }

    /** The run is complete, but for what it would remove: that is held back. */
    public synchronized void hold(Lease lease, Run run, Cause cause, @Nullable Cause complaint, Instant now) {
        Synchronisation known = find(run.synchronisation()).orElseThrow();
        Cause both = complaint == null ? cause : cause.and(complaint, cause.text());
        complete(lease, known, run, end(Run.End.WAITING, now, both), new Held(run.id(), cause), complaint);
    }

    /**
     * As long as a removal is held the mark stands. What the upstream did not show may come back with the stamps that it had, and
     * some of it may have changed between the mark and this run: a delta from a later mark would never ask for that.
     */
    private void complete(
            Lease lease, Synchronisation known, Run run, BsonDocument end, @Nullable Held held, @Nullable Cause found) {
        Cause complaint = found == null && !run.full() ? known.complaint() : found;
        Cause cause = cause(run.full() ? null : known.putOff(), held, complaint);
        Fields fields = new Fields()
                .text("state", cause == null ? "OK" : "KO")
                .cause("cause", cause)
                .cause("complaint", complaint)
                .text("run", null)
                .value("held", held == null ? BsonNull.VALUE : held.document());
        if (held == null) {
            fields.instant("mark", run.mark()).value("completed", end.get("ended", BsonNull.VALUE));
        }
        if (run.full()) {
            fields.instant("lastFull", run.mark()).text("confirmed", null);
        }
        String because = known.fullBecause();
        if (because != null && run.full() && because.equals(run.reason())) {
            fields.text("fullBecause", null);
        } else if (because != null && known.putOff() == null) {
            // Asked for while this run was going on.
            fields.flag("wanted", true);
        }
        Counts counts = run(run.id()).map(Run::counts).orElse(run.counts());
        if (!run.full() && counts.isQuiet()) {
            end.append("until", until(run, QUIET_RUNS_KEPT));
        }
        ledger.change(
                lease,
                List.of(
                        Change.set(RUNS, run.id(), end),
                        Change.set(SYNCHRONISATIONS, known.name(), fields.document())));
    }

    private static @Nullable Cause cause(@Nullable PutOff putOff, @Nullable Held held, @Nullable Cause complaint) {
        return putOff != null ? putOff.why() : held != null ? held.why() : complaint;
    }

    /** A person stopped it, or the process: that is no failure, and its checkpoint stays. */
    public void suspend(Lease lease, Run run, Instant now) {
        ledger.change(lease, List.of(Change.set(RUNS, run.id(), end(Run.End.STOPPED, now, null))));
    }

    /** The run, or the attempt to begin one, failed: it is tried again from its checkpoint. */
    public void fail(Lease lease, String synchronisation, @Nullable Run run, Cause cause, Instant now) {
        List<Change> changes = new ArrayList<>();
        Fields fields = new Fields().text("state", "KO").cause("cause", cause).instant("failed", now);
        if (run == null) {
            fields.flag("wanted", false);
        } else {
            BsonDocument failed = new BsonDocument("$set", end(Run.End.FAILED, now, cause))
                    .append("$inc", new Fields().number("failures", 1).document());
            changes.add(new Change(RUNS, run.id(), failed));
            putOff(run, cause, now).ifPresent(putOff -> fields.text("run", null).value("putOff", putOff.document()));
        }
        changes.add(Change.set(SYNCHRONISATIONS, synchronisation, fields.document()));
        ledger.change(lease, changes);
    }

    /** Without a mark there is nothing that a delta could begin from. */
    private Optional<PutOff> putOff(Run run, Cause cause, Instant now) {
        long before = run(run.id()).map(Run::failures).orElse(0L);
        boolean cannotEnd = run.full() && before + 1 >= FAILURES;
        return find(run.synchronisation())
                .filter(known -> cannotEnd && known.mark() != null)
                .map(known -> new PutOff(run.id(), putOff(before + 1, cause), now.plus(PUT_OFF)));
    }

    private static Cause putOff(long failures, Cause last) {
        String text = "a full pass failed " + failures + " times, and is tried again once a day; what changes"
                + " is copied meanwhile, what vanished stays. The last time: " + last.text();
        return Cause.of(Cause.Kind.PUT_OFF, text, failures).and(last, text);
    }

    private static Change without(Run run, Piece piece) {
        BsonDocument window = new Fields()
                .instant("from", piece.window().from())
                .instant("to", piece.window().to())
                .document();
        return new Change(RUNS, run.id(), new BsonDocument("$pull", new BsonDocument("windows", window)));
    }

    private static Change counted(Run run, Counts counts, List<Rejection> rejections) {
        BsonDocument increments = new BsonDocument();
        counts.document().forEach((name, count) -> increments.append("counts." + name, count));
        BsonArray kept = new BsonArray();
        rejections.forEach(rejection -> kept.add(rejection.document()));
        BsonDocument update = new BsonDocument("$inc", increments)
                .append(
                        "$push",
                        new BsonDocument(
                                REJECTIONS,
                                new BsonDocument("$each", kept).append("$slice", new BsonInt32(Rejection.KEPT))));
        return new Change(RUNS, run.id(), update);
    }

    private static BsonDocument end(Run.End how, @Nullable Instant now, @Nullable Cause cause) {
        return new Fields()
                .text("end", Run.spelt(how))
                .instant("ended", now)
                .cause("cause", cause)
                .document();
    }

    private static BsonDateTime until(Run run, Duration kept) {
        return new BsonDateTime(run.began().plus(kept).toEpochMilli());
    }
}
