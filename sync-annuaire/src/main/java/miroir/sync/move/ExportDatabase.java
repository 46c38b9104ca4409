package miroir.sync.move;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import miroir.index.json.Utf8Buffer;
import miroir.index.yaml.ConfigurationRefused;
import miroir.storage.ReadDatabase;
import miroir.storage.sync.MoveSynchronisations;
import miroir.sync.move.Manifest.Kind;
import miroir.sync.move.Manifest.OfFile;
import miroir.sync.move.Manifest.OfType;
import miroir.sync.run.RunEnded;
import miroir.sync.run.RunEnded.Why;
import org.bson.BsonDocument;
import org.bson.json.JsonMode;
import org.bson.json.JsonWriterSettings;

/**
 * Writes all that a database has of resources into files, as at one instant, while others write.
 *
 * <p>How synchronisations stand is read first, and the instant is chosen after that: what a mark promises is in the files then. What erasures left is read last, whenever they were: what was
 * erased while this went on is in a file already, perhaps, and is erased again when it is put in. A file is cut between resources; each holds about as much text, so memory is
 * what a line and a page take.
 */
public final class ExportDatabase {
    /** About how much text a file has. */
    static final long TEXT_OF_FILE = 64L << 20;

    /** After how many it is said how far it is. */
    private static final long LINES_BETWEEN = 250_000;

    private final ReadDatabase database;
    private final MoveSynchronisations synchronisations;
    private final ArchiveFolder folder;
    private final String miroir;
    private final long textOfFile;
    private final BooleanSupplier stopped;
    private final Consumer<String> said;
    private final List<OfFile> files = new ArrayList<>();

    /**
     * An export.
     *
     * @param miroir the version of Miroir
     * @param stopped asked between pages
     * @param said told of what was done, in a line
     */
    public ExportDatabase(
            ReadDatabase database,
            MoveSynchronisations synchronisations,
            Path folder,
            String miroir,
            BooleanSupplier stopped,
            Consumer<String> said) {
        this(database, synchronisations, folder, miroir, TEXT_OF_FILE, stopped, said);
    }

    ExportDatabase(
            ReadDatabase database,
            MoveSynchronisations synchronisations,
            Path folder,
            String miroir,
            long textOfFile,
            BooleanSupplier stopped,
            Consumer<String> said) {
        this.database = database;
        this.synchronisations = synchronisations;
        this.folder = new ArchiveFolder(folder);
        this.miroir = miroir;
        this.textOfFile = textOfFile;
        this.stopped = stopped;
        this.said = said;
    }

    /**
     * Does it.
     *
     * @param only of these types; empty: of all that there are
     */
    public Manifest run(Set<String> only) throws IOException {
        try (folder) {
            return export(types(only));
        }
    }

    private Manifest export(Set<String> types) throws IOException {
        folder.requireNoManifest();
        List<BsonDocument> moved = synchronisations.read(types);
        Instant asOf = database.settled(this::requireGoing);
        int left = folder.prepare();
        if (left > 0) {
            said.accept("begun anew: " + left + " files of an export that was broken off are removed");
        }
        said.accept("everything as at " + asOf);
        List<OfType> counts = new ArrayList<>();
        for (String type : types) {
            counts.add(versions(type, asOf));
        }
        List<OfType> all = new ArrayList<>();
        for (OfType counted : counts) {
            all.add(erased(counted));
        }
        synchronisations(moved);
        Manifest manifest = new Manifest(miroir, asOf, all, files);
        database.requireNotFilled();
        folder.write(manifest);
        return manifest;
    }

    private Set<String> types(Set<String> only) {
        Set<String> there = database.types();
        if (only.isEmpty()) {
            return there;
        }
        Set<String> missing = new TreeSet<>(only);
        missing.removeAll(there);
        if (!missing.isEmpty()) {
            throw new ConfigurationRefused(
                    "--types",
                    "there is nothing of " + String.join(", ", missing) + " in the database; there are: "
                            + String.join(", ", there));
        }
        return new TreeSet<>(only);
    }

    private OfType versions(String type, Instant asOf) throws IOException {
        LineOrder order = new LineOrder(asOf);
        try (WriteLines out = new WriteLines(folder, type, Kind.VERSIONS, textOfFile, files)) {
            database.versions(type, asOf, this::requireGoing, version -> {
                order.next(version);
                out.add(version);
                if (out.lines() % LINES_BETWEEN == 0) {
                    said.accept(type + ": " + out.lines() + " versions so far");
                }
            });
            out.end();
        } catch (UncheckedIOException e) {
            throw Objects.requireNonNull(e.getCause());
        }
        OfType counted = order.counted(type, 0);
        said.accept(type + ": " + counted.versions() + " versions of " + (counted.resources() + counted.deleted())
                + " resources, of which " + counted.deleted() + " are deleted");
        return counted;
    }

    private void requireGoing() {
        if (stopped.getAsBoolean()) {
            throw new RunEnded(Why.STOPPED, "told to stop; the next export begins anew");
        }
    }

    private OfType erased(OfType counted) throws IOException {
        String type = counted.type();
        try (WriteLines out = new WriteLines(folder, type, Kind.ERASED, Long.MAX_VALUE, files)) {
            database.erased(type, this::requireGoing, out::add);
            out.end();
            return new OfType(type, counted.resources(), counted.deleted(), counted.versions(), out.lines());
        } catch (UncheckedIOException e) {
            throw Objects.requireNonNull(e.getCause());
        }
    }

    private void synchronisations(List<BsonDocument> moved) throws IOException {
        JsonWriterSettings json =
                JsonWriterSettings.builder().outputMode(JsonMode.RELAXED).build();
        if (moved.isEmpty()) {
            return;
        }
        try (ArchiveFile file = new ArchiveFile(folder, "synchronisations.ndjson.gz", Kind.SYNCHRONISATIONS, null)) {
            Utf8Buffer line = new Utf8Buffer(1 << 10);
            for (BsonDocument each : moved) {
                line.clear();
                line.putBytes(each.toJson(json).getBytes(UTF_8));
                line.putByte('\n');
                file.add(line);
            }
            files.add(file.end());
        }
    }
}
