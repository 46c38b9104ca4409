package miroir.sync.move;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import miroir.index.Refusal;
import miroir.storage.FillDatabase;
import miroir.storage.FillDatabase.Found;
import miroir.storage.MovedVersion;
import miroir.storage.RepeatWhileAway;
import miroir.storage.ledger.LeaseLost;
import miroir.storage.sync.MoveSynchronisations;
import miroir.sync.move.Manifest.Kind;
import miroir.sync.move.Manifest.OfFile;
import miroir.sync.run.RunEnded;
import miroir.sync.run.RunEnded.Why;
import org.bson.BsonDocument;

/**
 * Puts an export into a database into which nobody ever wrote a resource. It may be killed at any point: the same again goes on behind the last file that was in. Files are put in one after the
 * other, what erasures left after all versions, and how synchronisations stand at the end, before anybody may lead them.
 */
public final class ImportDatabase {
    private static final int MARKS = 1_000;
    private static final String SYNCHRONISATIONS = "synchronisations";

    private final ArchiveFolder folder;
    private final Open open;
    private final MoveSynchronisations synchronisations;
    private final int threads;
    private final BooleanSupplier stopped;
    private final Consumer<String> said;

    /** Opens a database, by what the export is known by. */
    public interface Open {
        FillDatabase open(String with, FillDatabase.Watch watch);
    }

    /**
     * An import.
     *
     * @param threads how many batches the database writes at once
     * @param stopped asked between lines
     * @param said told of what was done, in a line
     */
    public ImportDatabase(
            Path folder,
            Open open,
            MoveSynchronisations synchronisations,
            int threads,
            BooleanSupplier stopped,
            Consumer<String> said) {
        this.folder = new ArchiveFolder(folder);
        this.open = open;
        this.synchronisations = synchronisations;
        this.threads = threads;
        this.stopped = stopped;
        this.said = said;
    }

    /** Does it; false where it was done before. */
    public boolean run() throws IOException {
        Manifest manifest = folder.manifest();
        ReadArchive archive = new ReadArchive(folder, manifest, stopped, said);
        Instant latest = archive.check();
        said.accept(manifest.files().size() + " files are whole, as at " + manifest.asOf() + ", of Miroir "
                + manifest.miroir());
        List<BsonDocument> moved = new ArrayList<>();
        for (OfFile file : manifest.files()) {
            if (file.kind() == Kind.SYNCHRONISATIONS) {
                archive.synchronisations(file, moved::add);
            }
        }
        try (FillDatabase fill = open.open(folder.digest(), watch(stopped, said))) {
            if (!fill.isDone()) {
                patiently(() -> {
                    synchronisations.requireFitting(moved);
                    return moved;
                });
            }
            Found found = fill.begin(manifest.typesWithSomething(), latest);
            if (found == Found.EVERYTHING) {
                return false;
            }
            if (found == Found.PARTS) {
                said.accept("going on with an import that was broken off");
            }
            put(manifest, archive, fill);
            synchronisations(moved, fill);
            fill.end(manifest.expected(), latest);
        }
        return true;
    }

    /** Says what is waited for, and ends where it is told to stop. */
    public static FillDatabase.Watch watch(BooleanSupplier stopped, Consumer<String> said) {
        return new FillDatabase.Watch() {
            @Override
            public void say(String line) {
                said.accept(line);
            }

            @Override
            public void requireGoing() {
                if (stopped.getAsBoolean()) {
                    throw new RunEnded(Why.STOPPED, "told to stop; the same again goes on");
                }
            }
        };
    }

    private void put(Manifest manifest, ReadArchive archive, FillDatabase fill) throws IOException {
        int number = 0;
        for (OfFile file : manifest.files()) {
            number++;
            if (file.kind() != Kind.SYNCHRONISATIONS && !fill.has(file.name())) {
                if (file.kind() == Kind.ERASED) {
                    erased(file, archive, fill);
                } else {
                    versions(file, archive, fill);
                }
                fill.done(file.name());
                said.accept(file.name() + ": " + file.lines() + " lines are in (" + number + " of "
                        + manifest.files().size() + ")");
            }
        }
    }

    /** Also where there are none: marks that are there are not true of what came. */
    private void synchronisations(List<BsonDocument> moved, FillDatabase fill) {
        if (!fill.has(SYNCHRONISATIONS)) {
            patiently(() -> {
                synchronisations.write(moved, watch(stopped, said)::requireGoing);
                return moved;
            });
            MoveSynchronisations.said(moved).forEach(said);
            fill.done(SYNCHRONISATIONS);
        }
    }

    /** A lease that was lost meanwhile is taken anew. */
    private <T> T patiently(Supplier<T> work) {
        return new RepeatWhileAway(watch(stopped, said)::requireGoing, Set.of(Refusal.Reason.NOT_READY)).run(() -> {
            try {
                return work.get();
            } catch (LeaseLost e) {
                throw new Refusal(Refusal.Reason.NOT_READY, String.valueOf(e.getMessage()));
            }
        });
    }

    private void versions(OfFile file, ReadArchive archive, FillDatabase fill) throws IOException {
        String type = ReadArchive.type(file);
        try (PutBatches batches = new PutBatches(batch -> fill.versions(type, batch), threads)) {
            archive.versions(file, batches::add);
            batches.end();
        }
    }

    private static void erased(OfFile file, ReadArchive archive, FillDatabase fill) throws IOException {
        String type = ReadArchive.type(file);
        List<MovedVersion> marks = new ArrayList<>();
        archive.versions(file, mark -> {
            marks.add(mark);
            if (marks.size() == MARKS) {
                fill.erased(type, List.copyOf(marks));
                marks.clear();
            }
        });
        fill.erased(type, List.copyOf(marks));
    }
}
