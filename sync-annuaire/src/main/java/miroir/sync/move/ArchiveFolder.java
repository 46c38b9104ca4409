package miroir.sync.move;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder of an export. Each file has another name until it is whole and on the disk, and the manifest comes last. What an export left that was broken off is known by a
 * file that it makes first and removes last, and goes when the next one begins; nothing is removed where that file is not. It is locked meanwhile, so two exports do not write
 * into one folder. Nobody but their owner may read the files: they are all that the database has of people.
 */
final class ArchiveFolder implements Closeable {
    private static final String PART = ".part";
    private static final String OURS =
            "([A-Za-z]+(-[0-9]{4,}|-erased)|synchronisations)\\.ndjson\\.gz(\\.part)?|manifest\\.json\\.part";

    /** Says that an export is written here. */
    static final String BEGUN = "export.part";

    private final Path folder;
    private @Nullable FileChannel begun;

    ArchiveFolder(Path folder) {
        this.folder = folder;
    }

    /** Makes it empty, but for nothing that is not of an export that was broken off; returns how many files of that went. */
    int prepare() throws IOException {
        requireNoManifest();
        if (!Files.exists(folder)) {
            Files.createDirectories(folder, onlyOwner("rwx------"));
        }
        requireNothingElse();
        lock();
        // Another one may have ended just before.
        requireNoManifest();
        List<Path> left = requireNothingElse();
        for (Path file : left) {
            Files.delete(file);
        }
        return left.size();
    }

    /** Refuses what is an export already. */
    void requireNoManifest() {
        if (Files.exists(folder.resolve(Manifest.NAME))) {
            throw new ArchiveRefused(
                    folder.toString(), "has a whole export already; name another folder, or remove it");
        }
    }

    /** What is left of an export that was broken off. */
    private List<Path> requireNothingElse() throws IOException {
        List<Path> there = files();
        boolean isBegun = there.removeIf(file -> file.getFileName().toString().equals(BEGUN));
        Optional<Path> other = there.stream()
                .filter(file -> !isBegun || !file.getFileName().toString().matches(OURS))
                .findFirst();
        if (other.isPresent()) {
            throw new ArchiveRefused(
                    folder.toString(),
                    "has something else in it, " + other.get().getFileName() + "; name an empty folder, or a new one");
        }
        return there;
    }

    private void lock() throws IOException {
        FileChannel channel = FileChannel.open(
                folder.resolve(BEGUN),
                EnumSet.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                onlyOwner("rw-------"));
        begun = channel;
        try {
            if (channel.tryLock() != null) {
                return;
            }
        } catch (OverlappingFileLockException e) {
            // Said below: it is in this process.
        }
        throw new ArchiveRefused(folder.toString(), "is being written by another export; name another folder");
    }

    /** Lets others have it. */
    @Override
    public void close() throws IOException {
        FileChannel channel = begun;
        if (channel != null) {
            channel.close();
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> there = Files.list(folder)) {
            return new ArrayList<>(there.toList());
        }
    }

    private static FileAttribute<?>[] onlyOwner(String permissions) {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    /** A new file, by the name that it has until it is whole. */
    FileChannel begin(String name) throws IOException {
        return FileChannel.open(
                folder.resolve(name + PART),
                EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                onlyOwner("rw-------"));
    }

    /** Gives a file, which is on the disk, its name. */
    void end(String name) throws IOException {
        Files.move(folder.resolve(name + PART), folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    /** The last: from now on it is an export. */
    void write(Manifest manifest) throws IOException {
        for (Manifest.OfFile file : manifest.files()) {
            if (Files.size(folder.resolve(file.name())) != file.bytes()) {
                throw new ArchiveRefused(file.name(), "was changed by somebody else while the export went on");
            }
        }
        sync();
        try (FileChannel channel = begin(Manifest.NAME)) {
            writeAll(channel, manifest.json() + "\n");
            channel.force(true);
        }
        end(Manifest.NAME);
        Files.deleteIfExists(folder.resolve(BEGUN));
        sync();
    }

    private static void writeAll(SeekableByteChannel channel, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** So that the names are on the disk as well. */
    private void sync() throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    /** What the folder says that it has. */
    Manifest manifest() throws IOException {
        Path file = folder.resolve(Manifest.NAME);
        if (!Files.isRegularFile(file)) {
            throw new ArchiveRefused(
                    folder.toString(), "has no " + Manifest.NAME + ": it is no export, or one that was broken off");
        }
        if (Files.size(file) > VersionLineReader.MOST_BYTES) {
            throw new ArchiveRefused(file.toString(), "is larger than any manifest");
        }
        return Manifest.read(Files.readString(file, UTF_8));
    }

    /** What the files are known by. */
    String digest() throws IOException {
        return Digests.of(folder.resolve(Manifest.NAME));
    }

    /** Refuses files that the manifest does not have. */
    void requireOnly(Set<String> names) throws IOException {
        for (Path file : files()) {
            String name = file.getFileName().toString();
            if (name.contains(".ndjson") && !names.contains(name)) {
                throw new ArchiveRefused(file.toString(), "is not in the manifest");
            }
        }
    }
}
