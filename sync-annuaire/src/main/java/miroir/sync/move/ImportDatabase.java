package miroir.sync.move;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import miroir.storage.FillDatabase;
import miroir.storage.FillDatabase.Found;
import miroir.storage.MovedVersion;
import miroir.storage.sync.MoveSynchronisations;
import miroir.sync.move.Manifest.OfFile;
import org.bson.BsonDocument;

/**
 * Puts an export into a database that has nothing of its types. It may be killed at any point: the same again goes on behind the last file that was in. Files are put in one after the
 * other, what erasures left after all versions, and how synchronisations stand at the end, before anybody may lead them.
 */
public final class ImportDatabase {
    private static final int MARKS = 1_000;

    private final ArchiveFolder folder;
    private final Function<String, FillDatabase> open;
    private final MoveSynchronisations synchronisations;
    private final int threads;
    private final BooleanSupplier stopped;
    private final Consumer<String> said;

    /**
     * An import.
     *
     * @param open of the database, by what the export is known by
     * @param threads how many batches the database writes at once
     * @param stopped asked between lines
     * @param said told of what was done, in a line
     */
    public ImportDatabase(
            Path folder,
            Function<String, FillDatabase> open,
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
        ReadArchive archive = new ReadArchive(folder, manifest, stopped);
        archive.check();
        said.accept(manifest.files().size() + " files are whole, as at " + manifest.asOf() + ", of Miroir "
                + manifest.miroir());
        Set<String> types = manifest.typesWithSomething();
        try (FillDatabase fill = open.apply(folder.digest())) {
            Found found = fill.begin(types, manifest.asOf(), () -> !stopped.getAsBoolean());
            if (found == Found.EVERYTHING) {
                return false;
            }
            if (found == Found.PARTS) {
                said.accept("going on with an import that was broken off");
            }
            put(manifest, archive, fill);
            fill.end(types, manifest.asOf());
        }
        return true;
    }

    private void put(Manifest manifest, ReadArchive archive, FillDatabase fill) throws IOException {
        int number = 0;
        for (OfFile file : manifest.files()) {
            number++;
            if (!fill.has(file.name())) {
                fill.done(file.name(), put(file, archive, fill));
                said.accept(file.name() + ": " + file.lines() + " lines are in (" + number + " of "
                        + manifest.files().size() + ")");
            }
        }
    }

    /** The latest instant that there is in it. */
    private Instant put(OfFile file, ReadArchive archive, FillDatabase fill) throws IOException {
        return switch (file.kind()) {
            case VERSIONS -> versions(file, archive, fill);
            case ERASED -> erased(file, archive, fill);
            case SYNCHRONISATIONS -> {
                List<BsonDocument> all = new ArrayList<>();
                archive.synchronisations(file, all::add);
                synchronisations.write(all);
                yield Instant.EPOCH;
            }
        };
    }

    private Instant versions(OfFile file, ReadArchive archive, FillDatabase fill) throws IOException {
        String type = ReadArchive.type(file);
        Latest latest = new Latest();
        try (PutBatches batches = new PutBatches(batch -> fill.versions(type, batch), threads)) {
            archive.versions(file, version -> {
                latest.add(version);
                batches.add(version);
            });
            batches.end();
        }
        return latest.instant;
    }

    private static Instant erased(OfFile file, ReadArchive archive, FillDatabase fill) throws IOException {
        String type = ReadArchive.type(file);
        Latest latest = new Latest();
        List<MovedVersion> marks = new ArrayList<>();
        archive.versions(file, mark -> {
            latest.add(mark);
            marks.add(mark);
            if (marks.size() == MARKS) {
                fill.erased(type, List.copyOf(marks));
                marks.clear();
            }
        });
        fill.erased(type, List.copyOf(marks));
        return latest.instant;
    }

    /** Of several instants. */
    private static final class Latest {
        private Instant instant = Instant.EPOCH;

        void add(MovedVersion version) {
            instant = version.from().isAfter(instant) ? version.from() : instant;
        }
    }
}
