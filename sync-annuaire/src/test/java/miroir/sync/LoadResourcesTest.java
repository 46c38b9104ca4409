package miroir.sync;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.store.Caller;
import miroir.index.store.InMemoryResourceStore;
import miroir.index.store.ResourceKey;
import miroir.index.structure.Structures;
import miroir.sync.files.ResourceFiles;
import miroir.sync.upstream.Oddities;
import miroir.sync.upstream.TolerantReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadResourcesTest {
    private static final ResourceReader READER = new ResourceReader(Structures.r4(), ReadLimits.standard());

    private final List<String> rejections = new ArrayList<>();
    private final InMemoryResourceStore store =
            new InMemoryResourceStore(new NoSearchFields(), ZoneOffset.UTC, InstantSource.system());
    private final LoadResources load = new LoadResources(
            new TolerantReader(READER, new Oddities()),
            LoadResources.own(store),
            Set.of("Organization", "Practitioner"),
            rejections::add);

    @Test
    void read_sampleOfTheProject_isLoadedWhole() throws IOException {
        Path sample = Path.of(System.getProperty("miroir.root"), "samples", "directory");

        ResourceFiles.read(sample, load::load);
        ResourceFiles.read(sample, load::load);

        assertThat(rejections).isEmpty();
        assertThat(load.isComplete()).isTrue();
        assertThat(load.report())
                .isEqualTo("loaded 44: 22 created, 0 updated, 22 unchanged; 36 skipped (type not served), 0 rejected");
        assertThat(store.read(Caller.everyone(), new ResourceKey("Practitioner", "003-3422245-5139408")))
                .isPresent();
    }

    @Test
    void read_badOnesAmongGood_areRejectedAloneWithPlaceAndReason(@TempDir Path folder) throws IOException {
        Path lines = folder.resolve("a.ndjson");
        Files.write(lines, """
                {"resourceType":"Organization","id":"1","name":"é"}

                {"resourceType":"Organization","name":"without id"}
                {"resourceType":"Organization","id":"2","nome":"unknown element"}
                {"resourceType":"Organization","id":"3","name":
                {"resourceType":"Patient","id":"4"}
                {"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Organization","id":"5","name":"b"}},\
                {"resource":{"resourceType":"Organization","id":"6","active":"yes"}}]}
                """.getBytes(UTF_8));

        ResourceFiles.read(folder, load::load);

        assertThat(load.isComplete()).isFalse();
        assertThat(load.report())
                .isEqualTo("loaded 2: 2 created, 0 updated, 0 unchanged; 1 skipped (type not served), 4 rejected");
        assertThat(rejections).hasSize(4);
        assertThat(rejections.get(0)).startsWith(lines + ":3: ").contains("without id");
        assertThat(rejections.get(1)).startsWith(lines + ":4: ").contains("nome");
        assertThat(rejections.get(2)).startsWith(lines + ":5: ");
        assertThat(rejections.get(3)).startsWith(lines + ":7: ").contains("active");
    }

    @Test
    void read_zippedDumpOfTheDirectory_isTakenWithItsOddities(@TempDir Path folder) throws IOException {
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve("a.ndjson.gz")))) {
            out.write("""
                    {"resourceType":"Organization","id":"1","meta":{"versionId":2},"address":[{"line":[null],"city":"é"}]}
                    """.getBytes(UTF_8));
        }

        ResourceFiles.read(folder, load::load);

        assertThat(rejections).isEmpty();
        assertThat(load.report()).startsWith("loaded 1: 1 created");
    }
}
