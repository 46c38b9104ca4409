package miroir.sync.move;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.json.Utf8Buffer;
import miroir.index.structure.Structures;
import miroir.storage.MovedVersion;
import miroir.sync.move.Manifest.Kind;
import miroir.sync.move.Manifest.OfFile;
import miroir.sync.move.Manifest.OfType;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that somebody has changed, or half of them, are refused with the file and the line. */
class ReadArchiveTest {
    private static final Instant AS_OF = Instant.parse("2026-11-30T09:00:00.120Z");
    private static final ResourceReader READER = new ResourceReader(Structures.r4(), ReadLimits.standard());
    private static final String FILE = "Basic-0001.ndjson.gz";
    private static final String HOSTILE =
            "\"code\":{\"text\":\"Œuvre 𝒜 \\\"\\n\\t\\\\ \\u0001 \u2028 日本\"},\"extension\":[{\"url\":\"e\",\"valueDecimal\":1.500},"
                    + "{\"url\":\"f\",\"valueDecimal\":-0.0},{\"url\":\"g\",\"valueDecimal\":1E+2}]";

    private final Path folder;
    private final ArchiveFolder archive;

    ReadArchiveTest(@TempDir Path folder) {
        this.folder = folder;
        this.archive = new ArchiveFolder(folder);
    }

    private static RawBsonDocument basic(String id, long version) {
        return READER.readUnchecked(("{\"resourceType\":\"Basic\",\"id\":\"" + id + "\",\"meta\":{\"versionId\":\""
                        + version + "\",\"lastUpdated\":\"2026-11-29T10:00:00.000+01:00\"}," + HOSTILE + "}")
                .getBytes(UTF_8));
    }

    private static MovedVersion version(String id, long version, boolean ended) {
        Instant from = AS_OF.minusSeconds(100 - version);
        return new MovedVersion(
                id,
                version,
                from,
                ended ? from.plusSeconds(1) : null,
                7,
                version == 1 ? "POST" : null,
                "annuaire/Basic",
                AS_OF.minusSeconds(4000),
                "00112233445566778899aabbccddeeff",
                false,
                basic(id, version));
    }

    private static MovedVersion mark(String id) {
        return new MovedVersion(id, 9, AS_OF.plusSeconds(9), null, 8, null, null, null, null, true, null);
    }

    private static MovedVersion deleted(String id, long version) {
        return new MovedVersion(id, version, AS_OF, null, 7, null, null, null, null, false, null);
    }

    /** Of three versions of one resource, a deletion and an erasure. */
    @BeforeEach
    void write() throws IOException {
        List<OfFile> files = new ArrayList<>();
        try (WriteLines lines = new WriteLines(archive, "Basic", Kind.VERSIONS, 1, files);
                WriteLines erased = new WriteLines(archive, "Basic", Kind.ERASED, Long.MAX_VALUE, files)) {
            lines.add(version("a", 1, true));
            lines.add(version("a", 3, true));
            lines.add(version("a", 4, false));
            lines.add(deleted("b", 2));
            lines.end();
            erased.add(mark("c"));
            erased.end();
        }
        archive.write(new Manifest("1.2.3", AS_OF, List.of(new OfType("Basic", 1, 1, 4, 1)), files));
    }

    private void check() throws IOException {
        new ReadArchive(archive, archive.manifest(), () -> false, line -> {}).check();
    }

    private void refused(String... words) {
        assertThatThrownBy(this::check).isInstanceOf(ArchiveRefused.class).hasMessageContainingAll(words);
    }

    /** Puts other lines into the first file, and other sums into the manifest, as somebody does who makes such files by himself. */
    private void replace(String... lines) throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
            out.write(String.join("", lines).getBytes(UTF_8));
        }
        put(zipped.toByteArray(), lines.length);
    }

    private void put(byte[] content, long lines) throws IOException {
        Files.write(folder.resolve(FILE), content);
        Manifest before = archive.manifest();
        List<OfFile> files = before.files().stream()
                .map(file -> file.name().equals(FILE)
                        ? new OfFile(FILE, file.kind(), file.type(), lines, content.length, sum())
                        : file)
                .toList();
        Files.delete(folder.resolve(Manifest.NAME));
        archive.write(new Manifest(before.miroir(), before.asOf(), before.types(), files));
    }

    private String sum() {
        try {
            return Digests.of(folder.resolve(FILE));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String line(MovedVersion version) {
        Utf8Buffer line = new Utf8Buffer(1000);
        VersionLine.write(version, line);
        return new String(line.toByteArray(), UTF_8);
    }

    @Test
    void check_whatWasWritten_isReadAsItWas() throws IOException {
        check();
        List<MovedVersion> read = new ArrayList<>();
        Manifest manifest = archive.manifest();
        assertThat(manifest.files())
                .extracting(OfFile::name)
                .containsExactly(FILE, "Basic-0002.ndjson.gz", "Basic-erased.ndjson.gz");
        for (OfFile file : manifest.files()) {
            new ReadArchive(archive, manifest, () -> false, line -> {}).versions(file, read::add);
        }
        assertThat(read)
                .containsExactly(
                        version("a", 1, true),
                        version("a", 3, true),
                        version("a", 4, false),
                        deleted("b", 2),
                        mark("c"));
        assertThat(folder).isDirectoryNotContaining("glob:**.part");
        assertThat(Files.getPosixFilePermissions(folder.resolve(FILE))).hasSize(2);
    }

    @Test
    void check_fileMissingOrSurplus_isRefused() throws IOException {
        Files.copy(folder.resolve(FILE), folder.resolve("Basic-0009.ndjson.gz"));
        refused("Basic-0009.ndjson.gz", "not in the manifest");
        Files.delete(folder.resolve("Basic-0009.ndjson.gz"));
        Files.delete(folder.resolve(FILE));
        refused(FILE, "missing");
        Files.delete(folder.resolve(Manifest.NAME));
        refused("no manifest.json");
    }

    @Test
    void check_damagedFile_isRefused() throws IOException {
        byte[] content = Files.readAllBytes(folder.resolve(FILE));
        Files.write(folder.resolve(FILE), Arrays.copyOf(content, content.length - 20));
        refused(FILE, "bytes");
        content[content.length / 2] ^= 1;
        Files.write(folder.resolve(FILE), content);
        refused(FILE, "SHA-256");
    }

    @Test
    void check_brokenGzip_isRefusedWithItsLine() throws IOException {
        byte[] content = Files.readAllBytes(folder.resolve(FILE));
        put(Arrays.copyOf(content, content.length - 30), 3);
        refused(FILE + ":", "broken off or damaged");
        put("no gzip at all".getBytes(UTF_8), 3);
        refused(FILE, "no gzip");
        put(new byte[0], 3);
        refused(FILE, "no gzip");
    }

    @Test
    void check_linesInAnotherOrderOrTwice_areRefusedWithTheirLine() throws IOException {
        replace(line(version("a", 3, true)), line(version("a", 1, true)), line(version("a", 4, false)));
        refused(FILE + ":2", "out of order");
        replace(line(version("a", 1, true)), line(version("a", 1, true)), line(version("a", 4, false)));
        refused(FILE + ":2", "twice");
        replace(line(version("a", 1, false)), line(version("a", 3, true)), line(version("a", 4, false)));
        refused(FILE + ":2", "no end");
        replace(line(version("a", 1, true)), line(version("z", 1, false)));
        refused("Basic-0002.ndjson.gz:1", "out of order");
        replace(line(version("a", 1, true)), line(version("a", 4, false)));
        refused(Manifest.NAME, "versions=3");
        replace(line(mark("a")));
        refused(FILE + ":1", "a file of their own");
    }

    @Test
    void check_lineWithoutEndOrCountThatDiffers_isRefused() throws IOException {
        replace(line(version("a", 1, true)), line(version("a", 4, false)).trim());
        refused(FILE + ":2", "broken off");
        replace(line(version("a", 1, true)));
        List<OfFile> files = new ArrayList<>(archive.manifest().files());
        OfFile first = files.get(0);
        files.set(0, new OfFile(first.name(), first.kind(), first.type(), 5, first.bytes(), first.sha256()));
        Files.delete(folder.resolve(Manifest.NAME));
        archive.write(new Manifest("1", AS_OF, List.of(), files));
        refused(FILE, "has 1 lines, and the manifest says 5");
    }

    @Test
    void next_lineThatIsTooLong_isRefusedWithItsNumber() throws IOException {
        replace("{}\n", "x".repeat(200) + "\n");
        try (LinesOfFile lines = new LinesOfFile(folder.resolve(FILE), 100)) {
            assertThat(lines.next()).hasSize(2);
            assertThatThrownBy(lines::next).hasMessageContainingAll(FILE + ":2", "longer than 100");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":\"a\",\"nonsense\":1}|unknown key nonsense",
                "{\"id\":\"a\",\"id\":\"b\"}|not valid JSON",
                "[]|not a JSON object",
                "{|not valid JSON",
                "{\"id\":\"a b\"}|an id of",
                "{\"id\":\"a\",\"version\":0}|a version from 1 on",
                "{\"id\":\"a\",\"version\":1.5}|no whole number",
                "{\"id\":\"a\",\"version\":99999999999999999999}|no whole number",
                "{\"id\":\"a\",\"version\":1,\"position\":1,\"deleted\":true}|needs from",
                "{\"id\":\"a\",\"version\":1,\"position\":1,\"from\":\"yesterday\",\"deleted\":true}|no instant",
                "{\"id\":\"a\",\"version\":1,\"position\":1,\"from\":\"2026-01-01T00:00:00.000001Z\",\"deleted\":true}|no instant",
                "{\"id\":\"a\",\"version\":1,\"position\":1,\"from\":\"2027-01-01T00:00:00Z\",\"deleted\":true}|after the instant",
                "{\"id\":\"a\",\"version\":1,\"position\":1,\"from\":\"2026-01-02T00:00:00Z\",\"to\":\"2026-01-01T00:00:00Z\",\"deleted\":true}|not before from",
                "{\"id\":\"a\",\"version\":1,\"position\":1,\"from\":\"2026-01-01T00:00:00Z\"}|either a resource or deleted",
                "{\"id\":\"a\",\"version\":1,\"position\":1,\"from\":\"2026-01-01T00:00:00Z\",\"deleted\":false}|other than true",
                "{\"id\":\"a\",\"version\":1,\"position\":1,\"from\":\"2026-01-01T00:00:00Z\",\"operation\":\"GET\",\"deleted\":true}|POST or PUT",
                "{\"id\":\"a\",\"version\":1,\"position\":1,\"from\":\"2026-01-01T00:00:00Z\",\"source\":\"x\",\"deleted\":true}|both of source",
                "{\"id\":\"a\",\"version\":1,\"position\":1,\"from\":\"2026-01-01T00:00:00Z\",\"hash\":\"xyz\",\"deleted\":true}|hexadecimal",
                "{\"id\":\"a\",\"version\":1,\"position\":1,\"from\":\"2026-01-01T00:00:00Z\",\"resource\":{\"resourceType\":\"Patient\",\"id\":\"a\"}}|of type Basic",
                "{\"id\":\"a\",\"version\":1,\"position\":1,\"from\":\"2026-01-01T00:00:00Z\",\"resource\":{\"resourceType\":\"Basic\",\"id\":\"b\"}}|with the id a",
                "{\"id\":\"a\",\"version\":1,\"position\":1,\"from\":\"2026-01-01T00:00:00Z\",\"resource\":{\"resourceType\":\"Basic\",\"id\":\"a\",\"meta\":{\"versionId\":\"2\"}}}|versionId 1",
                "{\"id\":\"a\",\"version\":1,\"position\":1,\"from\":\"2026-01-01T00:00:00Z\",\"resource\":{\"id\":\"\\ud800\"}}|cannot be read",
                "{\"id\":\"a\",\"resource\":[1]}|no object",
            })
    void check_lineThatIsWrong_isRefusedWithItsNumber(String lineAndReason) throws IOException {
        int at = lineAndReason.lastIndexOf('|');
        replace(line(version("A", 1, false)), lineAndReason.substring(0, at) + "\n");
        refused(FILE + ":2", lineAndReason.substring(at + 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"formatNumber\": 1|\"formatNumber\": 2|knows 1",
                "\"format\": \"miroir-export\"|\"format\": \"other\"|is not the manifest",
                "\"asOf\": |\"other\": |unknown key",
                "\"kind\": \"versions\"|\"kind\": \"strange\"|unknown kind",
                "\"name\": \"Basic-0001.ndjson.gz\"|\"name\": \"../Basic.ndjson.gz\"|as no export calls one",
                "\"name\": \"Basic-0001.ndjson.gz\"|\"name\": \"Basic-0002.ndjson.gz\"|twice",
                "\"type\": \"Basic\", \"resources\": 1|\"type\": \"Basic\", \"resources\": 2|says",
                "\"type\": \"Basic\", \"lines\"|\"type\": \"Nothing\", \"lines\"|no type of FHIR",
                "{|[|cannot be read",
            })
    void check_manifestThatIsWrong_isRefused(String change) throws IOException {
        String[] parts = change.split("\\|", -1);
        Path file = folder.resolve(Manifest.NAME);
        String text = Files.readString(file).replaceAll("\\s+", " ");
        assertThat(text).contains(parts[0]);
        Files.writeString(file, text.replaceFirst(Pattern.quote(parts[0]), parts[1]));
        refused("", parts[2]);
    }

    /** Puts other lines into the file of what erasures left. */
    private void replaceErased(List<OfType> types, MovedVersion... marks) throws IOException {
        Files.delete(folder.resolve(Manifest.NAME));
        Files.delete(folder.resolve("Basic-erased.ndjson.gz"));
        List<OfFile> files = new ArrayList<>();
        try (WriteLines erased = new WriteLines(archive, "Basic", Kind.ERASED, Long.MAX_VALUE, files)) {
            for (MovedVersion mark : marks) {
                erased.add(mark);
            }
            erased.end();
        }
        archive.write(new Manifest("1", AS_OF, types, files));
        Files.deleteIfExists(folder.resolve(FILE));
        Files.deleteIfExists(folder.resolve("Basic-0002.ndjson.gz"));
    }

    @Test
    void check_erasedThatIsNotCountedOrOutOfOrderOrEnded_isRefused() throws IOException {
        replaceErased(List.of(), mark("c"));
        refused(Manifest.NAME, "does not count", "Basic");
        List<OfType> two = List.of(new OfType("Basic", 0, 0, 0, 2));
        replaceErased(two, mark("c"), mark("c"));
        refused("Basic-erased.ndjson.gz:2", "comes twice");
        replaceErased(two, mark("d"), mark("c"));
        refused("Basic-erased.ndjson.gz:2", "out of order");
        MovedVersion ended = new MovedVersion("e", 9, AS_OF, AS_OF, 8, null, null, null, null, true, null);
        replaceErased(two, mark("d"), ended);
        refused("Basic-erased.ndjson.gz:2", "has an end");
        replaceErased(two, mark("c"), mark("d"));
        assertThat(new ReadArchive(archive, archive.manifest(), () -> false, line -> {}).check())
                .isEqualTo(AS_OF.plusSeconds(9));
    }

    @Test
    void check_erasedBeforeVersions_isRefused() throws IOException {
        Manifest before = archive.manifest();
        List<OfFile> files = new ArrayList<>(before.files());
        files.add(0, files.remove(2));
        Files.delete(folder.resolve(Manifest.NAME));
        archive.write(new Manifest("1", AS_OF, before.types(), files));
        refused(Manifest.NAME, "out of order");
    }

    @Test
    void check_versionsThatHoldAtTheSameTime_areRefused() throws IOException {
        MovedVersion one = version("a", 1, true);
        MovedVersion longer = new MovedVersion(
                "a", 1, one.from(), AS_OF.minusSeconds(1), 7, null, null, null, null, false, one.fhir());
        replace(line(longer), line(version("a", 3, true)), line(version("a", 4, false)));
        refused(FILE + ":2", "began before");
        MovedVersion later = new MovedVersion(
                "a", 1, one.from(), AS_OF.plusSeconds(1), 7, null, null, null, null, false, one.fhir());
        replace(line(later));
        refused(FILE + ":1", "after the instant");
    }

    @Test
    void prepare_whatIsThere_goesOnlyWhereAnExportWasBegun() throws IOException {
        assertThatThrownBy(archive::prepare).hasMessageContaining("a whole export already");
        Files.delete(folder.resolve(Manifest.NAME));
        assertThatThrownBy(archive::prepare).as("files like ours").hasMessageContaining(".ndjson.gz");
        assertThat(folder.resolve(FILE)).exists();
        Files.writeString(folder.resolve(ArchiveFolder.BEGUN), "");
        Files.writeString(folder.resolve("Basic-0003.ndjson.gz.part"), "half");
        Files.writeString(folder.resolve("Practitioner.ndjson.gz"), "mine");
        assertThatThrownBy(archive::prepare).hasMessageContaining("Practitioner.ndjson.gz");
        Files.delete(folder.resolve("Practitioner.ndjson.gz"));
        assertThat(archive.prepare()).isEqualTo(4);
        assertThat(folder).isDirectoryContaining("glob:**" + ArchiveFolder.BEGUN);
        try (ArchiveFolder other = new ArchiveFolder(folder)) {
            assertThatThrownBy(other::prepare).hasMessageContaining("another export");
        }
        archive.close();
    }
}
