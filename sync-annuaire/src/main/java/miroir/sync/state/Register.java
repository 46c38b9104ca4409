package miroir.sync.state;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import miroir.storage.ledger.Change;
import miroir.storage.ledger.Lease;
import miroir.storage.ledger.Ledger;
import miroir.sync.upstream.Source;
import miroir.sync.window.SplitWindow.Piece;
import org.bson.BsonArray;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;

/**
 * Sources, synchronisations, runs and commands as they stand in the database. Everybody may read, and put up commands; what
 * is written otherwise needs the lease, and fails with {@link miroir.storage.ledger.LeaseLost} where somebody else has it.
 */
public final class Register {
    static final String SOURCES = "miroir_sources";
    static final String SYNCHRONISATIONS = "miroir_synchronisations";
    static final String RUNS = "miroir_runs";
    static final String COMMANDS = "miroir_commands";
    private static final Duration RUNS_KEPT = Duration.ofDays(90);
    private static final int ALL = 10_000;

    private final Ledger ledger;

    public Register(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Makes what is missing. */
    public void prepare() {
        List.of(SOURCES, SYNCHRONISATIONS, RUNS, COMMANDS).forEach(ledger::makeSure);
        ledger.expireBy(RUNS, "until");
    }

    /** Refuses sources that are not where their copies came from, see {@link SourceMoves}. */
    public void checkAddresses(List<Source> sources) {
        new SourceMoves(this, ledger).of(sources);
    }

    /** Writes down what is configured; what was known before stays. */
    public void publish(Lease lease, List<Source> sources, List<Definition> definitions) {
        List<Change> changes = new ArrayList<>(new SourceMoves(this, ledger).of(sources));
        definitions.forEach(definition -> changes.add(Change.set(
                SYNCHRONISATIONS,
                definition.name(),
                new Fields()
                        .value("definition", definition.document())
                        .text("origin", Synchronisation.FILE)
                        .document())));
        ledger.change(lease, changes);
    }

    /** Forgets synchronisations that the file named once and does not any more; their resources stay. */
    public void forgetOthers(Lease lease, List<Definition> definitions) {
        Set<String> names = new HashSet<>();
        definitions.forEach(definition -> names.add(definition.name()));
        List<Change> changes = new ArrayList<>();
        for (Synchronisation known : all()) {
            if (known.isFromFile() && !names.contains(known.name())) {
                changes.add(Change.remove(SYNCHRONISATIONS, known.name()));
                changes.addAll(abandoned(known));
            }
        }
        if (!changes.isEmpty()) {
            ledger.change(lease, changes);
        }
    }

    /** Its open run, which nobody goes on with. */
    List<Change> abandoned(Synchronisation known) {
        return run(known.run())
                .filter(Run::isOpen)
                .map(open -> Change.set(RUNS, open.id(), end(Run.End.ABANDONED, null, null)))
                .stream()
                .toList();
    }

    /** The ids of the runs that somebody goes on with. */
    public Set<String> openRuns() {
        Set<String> open = new HashSet<>();
        all().forEach(each -> run(each.run()).filter(Run::isOpen).ifPresent(run -> open.add(run.id())));
        return open;
    }

    /** In the order of their priorities. */
    public List<Synchronisation> all() {
        return ledger.list(SYNCHRONISATIONS, new BsonDocument(), "_id", ALL).stream()
                .map(Synchronisation::of)
                .sorted(Comparator.<Synchronisation>comparingInt(
                                each -> each.definition().priority())
                        .thenComparing(Synchronisation::name))
                .toList();
    }

    public Optional<Synchronisation> find(String name) {
        return ledger.find(SYNCHRONISATIONS, name).map(Synchronisation::of);
    }

    public Optional<Run> run(@Nullable String id) {
        return id == null ? Optional.empty() : ledger.find(RUNS, id).map(Run::of);
    }

    /** The last runs of a synchronisation, the newest first. */
    public List<Run> runs(String synchronisation, int limit) {
        BsonDocument of = new BsonDocument("synchronisation", new BsonString(synchronisation));
        return ledger.list(RUNS, of, "began", limit).stream().map(Run::of).toList();
    }

    /** Puts up a command. */
    public void post(Command command) {
        ledger.post(COMMANDS, command.document());
    }

    /** What is wanted, the oldest first. */
    public List<Command> commands() {
        return ledger.list(COMMANDS, new BsonDocument(), "at", ALL).stream()
                .map(Command::of)
                .sorted(Comparator.comparing(Command::at))
                .toList();
    }

    /** Does what a command says to the synchronisation's state. */
    public void obey(Lease lease, Command command, @Nullable String run) {
        Fields fields = new Fields();
        switch (command.verb()) {
            case START -> fields.text("state", "OK").text("cause", null).flag("wanted", true);
            case FULL ->
                fields.text("state", "OK")
                        .text("cause", null)
                        .flag("wanted", true)
                        .flag("wantedFull", true);
            case STOP -> fields.text("state", "STOP").flag("wanted", false);
            case CONFIRM -> fields.text("confirmed", run).flag("wanted", true);
        }
        ledger.change(
                lease,
                List.of(
                        Change.set(SYNCHRONISATIONS, command.synchronisation(), fields.document()),
                        Change.remove(COMMANDS, command.id())));
    }

    /** Forgets a command that is about nothing. */
    public void drop(Lease lease, Command command) {
        ledger.change(lease, List.of(Change.remove(COMMANDS, command.id())));
    }

    /** A run begins, in place of one that is not gone on with. */
    public void begin(Lease lease, Run run, @Nullable Run abandoned) {
        List<Change> changes = new ArrayList<>();
        if (abandoned != null) {
            changes.add(Change.set(RUNS, abandoned.id(), end(Run.End.ABANDONED, run.began(), null)));
        }
        changes.add(Change.set(
                RUNS,
                run.id(),
                run.document().append("until", instant(run.began().plus(RUNS_KEPT)))));
        changes.add(Change.set(
                SYNCHRONISATIONS,
                run.synchronisation(),
                new Fields()
                        .text("run", run.id())
                        .instant("lastStart", run.began())
                        .flag("wanted", false)
                        .flag("wantedFull", false)
                        .document()));
        ledger.change(lease, changes);
    }

    /** Somebody goes on with a run. */
    public void resume(Lease lease, Run run, Instant now) {
        ledger.change(
                lease,
                List.of(
                        Change.set(RUNS, run.id(), end(Run.End.RUNNING, null, null)),
                        Change.set(
                                SYNCHRONISATIONS,
                                run.synchronisation(),
                                new Fields()
                                        .instant("lastStart", now)
                                        .flag("wanted", false)
                                        .document())));
    }

    /** The run goes into its next phase, with what is to be read in it. */
    public void enter(Lease lease, Run run, Run.Phase phase, List<Piece> pieces) {
        long more = pieces.stream().mapToLong(Piece::count).sum();
        BsonDocument update = new BsonDocument(
                        "$set",
                        new Fields()
                                .text("phase", Run.spelt(phase))
                                .value("windows", Run.pieces(pieces))
                                .document())
                .append("$inc", new Fields().number("total", more).document());
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

    /** The run is complete: the next one begins from its mark. */
    public void done(Lease lease, Run run, Instant now) {
        Fields fields = new Fields()
                .text("state", "OK")
                .text("cause", null)
                .text("run", null)
                .text("confirmed", null)
                .text("formerly", null)
                .instant("mark", run.mark());
        if (run.full()) {
            fields.instant("lastFull", run.mark());
        }
        ledger.change(
                lease,
                List.of(
                        Change.set(RUNS, run.id(), end(Run.End.DONE, now, null)),
                        Change.set(SYNCHRONISATIONS, run.synchronisation(), fields.document())));
    }

    /** The run ends without being complete; its checkpoint stays. A stop by a person is no failure. */
    public void suspend(Lease lease, Run run, Run.End how, @Nullable String cause, Instant now) {
        List<Change> changes = new ArrayList<>();
        changes.add(Change.set(RUNS, run.id(), end(how, now, cause)));
        if (how != Run.End.STOPPED) {
            changes.add(failed(run.synchronisation(), cause));
        }
        ledger.change(lease, changes);
    }

    /** It could not even begin. */
    public void failed(Lease lease, String synchronisation, String cause, Instant now) {
        Change start = Change.set(
                SYNCHRONISATIONS,
                synchronisation,
                new Fields().instant("lastStart", now).flag("wanted", false).document());
        ledger.change(lease, List.of(failed(synchronisation, cause), start));
    }

    private static Change failed(String synchronisation, @Nullable String cause) {
        return Change.set(
                SYNCHRONISATIONS,
                synchronisation,
                new Fields().text("state", "KO").text("cause", cause).document());
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
                                "rejections",
                                new BsonDocument("$each", kept).append("$slice", new BsonInt32(Rejection.KEPT))));
        return new Change(RUNS, run.id(), update);
    }

    private static BsonDocument end(Run.End how, @Nullable Instant now, @Nullable String cause) {
        return new Fields()
                .text("end", Run.spelt(how))
                .instant("ended", now)
                .text("cause", cause)
                .document();
    }

    private static BsonDateTime instant(Instant instant) {
        return new BsonDateTime(instant.toEpochMilli());
    }
}
