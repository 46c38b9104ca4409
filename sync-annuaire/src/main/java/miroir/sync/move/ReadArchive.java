package miroir.sync.move;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import miroir.index.structure.Structures;
import miroir.storage.MovedVersion;
import miroir.storage.sync.MoveSynchronisations;
import miroir.sync.move.Manifest.Kind;
import miroir.sync.move.Manifest.OfFile;
import miroir.sync.run.RunEnded;
import miroir.sync.run.RunEnded.Why;
import org.bson.BSONException;
import org.bson.BsonDocument;

/**
 * Reads an export. All of it is looked at before anything is done with it: that all files are there and have their sums, that every line is understood, stands in its order, and is
 * about what it should be about, and that there are as many as the manifest says. So a file that somebody has changed, or half of one, changes nothing anywhere.
 */
final class ReadArchive {
    private final ArchiveFolder folder;
    private final Manifest manifest;
    private final BooleanSupplier stopped;
    private final Consumer<String> said;

    /**
     * Of that folder.
     *
     * @param said told of each file that was looked at
     */
    ReadArchive(ArchiveFolder folder, Manifest manifest, BooleanSupplier stopped, Consumer<String> said) {
        this.folder = folder;
        this.manifest = manifest;
        this.stopped = stopped;
        this.said = said;
    }

    /** Takes what a line is of. */
    interface Taker<T> {
        void take(T line) throws IOException;
    }

    /** Refuses what is wrong anywhere; returns the latest instant that there is anywhere. */
    Instant check() throws IOException {
        Set<String> names = new HashSet<>();
        manifest.files().forEach(file -> names.add(file.name()));
        checkKinds();
        for (OfFile file : manifest.files()) {
            checkBytes(file);
        }
        folder.requireOnly(names);
        return checkLines();
    }

    /** What erasures left comes after all versions: of who was erased nothing is to come back behind it. */
    private void checkKinds() {
        Kind last = Kind.VERSIONS;
        for (OfFile file : manifest.files()) {
            boolean isTwice = file.kind() == Kind.SYNCHRONISATIONS && last == Kind.SYNCHRONISATIONS;
            if (isTwice || file.kind().compareTo(last) < 0) {
                throw new ArchiveRefused(
                        Manifest.NAME,
                        "has " + file.name()
                                + " out of order: first come versions of all types, then what erasures left, then one file of synchronisations");
            }
            last = file.kind();
        }
    }

    private void checkBytes(OfFile file) throws IOException {
        Path path = folder.file(file.name());
        if (!Files.isRegularFile(path)) {
            throw new ArchiveRefused(path.toString(), "is missing");
        }
        long bytes = Files.size(path);
        if (bytes != file.bytes()) {
            throw new ArchiveRefused(
                    path.toString(), "has " + bytes + " bytes, and had " + file.bytes() + " when it was written");
        }
        requireGoing();
        if (!Digests.of(path).equals(file.sha256())) {
            throw new ArchiveRefused(
                    path.toString(), "was changed or damaged: it has another SHA-256 than the manifest says");
        }
    }

    private Instant checkLines() throws IOException {
        Map<String, LineOrder> orders = new HashMap<>();
        Map<String, MarkOrder> erased = new HashMap<>();
        int number = 0;
        for (OfFile file : manifest.files()) {
            switch (file.kind()) {
                case VERSIONS ->
                    versions(file, orders.computeIfAbsent(type(file), type -> new LineOrder(manifest.asOf()))::next);
                case ERASED -> versions(file, erased.computeIfAbsent(type(file), type -> new MarkOrder())::next);
                case SYNCHRONISATIONS -> synchronisations(file, synchronisation -> {});
            }
            number++;
            said.accept(file.name() + " is whole (" + number + " of "
                    + manifest.files().size() + ")");
        }
        Set<String> uncounted = new TreeSet<>(orders.keySet());
        uncounted.addAll(erased.keySet());
        for (Manifest.OfType type : manifest.types()) {
            LineOrder order = orders.getOrDefault(type.type(), new LineOrder(manifest.asOf()));
            MarkOrder marks = erased.getOrDefault(type.type(), new MarkOrder());
            Manifest.OfType counted = order.counted(type.type(), marks.marks());
            if (!counted.equals(type)) {
                throw new ArchiveRefused(Manifest.NAME, "says " + type + ", and in the files there is " + counted);
            }
            uncounted.remove(type.type());
        }
        if (!uncounted.isEmpty()) {
            throw new ArchiveRefused(Manifest.NAME, "has files of types that it does not count: " + uncounted);
        }
        return erased.values().stream()
                .map(MarkOrder::latest)
                .reduce(manifest.asOf(), (one, other) -> one.isAfter(other) ? one : other);
    }

    static String type(OfFile file) {
        String type = file.type();
        if (type == null || !Structures.r4().resourceTypes().contains(type)) {
            throw new ArchiveRefused(file.name(), "is of no type of FHIR R4: " + type);
        }
        return type;
    }

    /** Tells of the versions of a file. */
    void versions(OfFile file, Taker<MovedVersion> taker) throws IOException {
        String type = type(file);
        lines(file, line -> taker.take(VersionLineReader.read(type, line)));
    }

    /** Tells of the sources and synchronisations of a file. */
    void synchronisations(OfFile file, Taker<BsonDocument> taker) throws IOException {
        if (file.kind() != Kind.SYNCHRONISATIONS) {
            throw new IllegalArgumentException(file.name() + " has others");
        }
        lines(file, line -> taker.take(synchronisation(line)));
    }

    private static BsonDocument synchronisation(byte[] line) {
        try {
            BsonDocument read = BsonDocument.parse(new String(line, UTF_8));
            String wrong = MoveSynchronisations.wrong(read);
            if (!wrong.isEmpty()) {
                throw new VersionLineReader.Wrong(wrong);
            }
            return read;
        } catch (BSONException e) {
            throw new VersionLineReader.Wrong("cannot be read: " + e.getMessage());
        }
    }

    private void lines(OfFile file, Taker<byte[]> taker) throws IOException {
        long count = 0;
        try (LinesOfFile lines = new LinesOfFile(folder.file(file.name()))) {
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                requireGoing();
                try {
                    taker.take(Objects.requireNonNull(line));
                } catch (VersionLineReader.Wrong wrong) {
                    throw lines.refused(wrong.getMessage());
                }
                count++;
            }
        }
        if (count != file.lines()) {
            throw new ArchiveRefused(file.name(), "has " + count + " lines, and the manifest says " + file.lines());
        }
    }

    private void requireGoing() {
        if (stopped.getAsBoolean()) {
            throw new RunEnded(Why.STOPPED, "told to stop; the same again goes on");
        }
    }
}
