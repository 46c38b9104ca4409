package miroir.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(MongoExtension.class)
class LoadMainIT {
    private static final Path ROOT = Path.of(System.getProperty("miroir.root"));
    private static final Path SAMPLE = ROOT.resolve("samples/directory");

    private final Map<String, String> environment = new HashMap<>();

    LoadMainIT(TestDatabase database) {
        environment.put("MONGODB_URI", database.uri());
        environment.put("MIROIR_DATABASE", database.name());
        environment.put("MIROIR_SEARCH_CONF", ROOT.resolve("conf/search").toString());
    }

    @Test
    void run_sampleTwice_endsWell() throws Exception {
        assertThat(new LoadMain(environment).run(SAMPLE)).isZero();
        assertThat(new LoadMain(environment).run(SAMPLE)).isZero();
    }

    @Test
    void run_onlySomeTypes_skipsTheOthers() throws Exception {
        environment.put("MIROIR_TYPES", "Practitioner,Device");

        assertThat(new LoadMain(environment).run(SAMPLE)).isZero();
    }

    @Test
    void run_somethingBad_endsWithOne(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("bad.json"), "{\"resourceType\":\"Device\",\"id\":\"a b\"}");

        assertThat(new LoadMain(environment).run(folder)).isEqualTo(1);
    }

    @Test
    void run_noSuchFolder_endsWithTwo() throws Exception {
        assertThat(new LoadMain(environment).run(Path.of("does-not-exist"))).isEqualTo(2);
    }

    @Test
    void run_noSearchConfiguration_takesTheShippedOne() throws Exception {
        environment.put("MIROIR_SEARCH_CONF", "does-not-exist");

        assertThat(new LoadMain(environment).run(SAMPLE)).isZero();
    }

    @Test
    void run_badSearchConfiguration_endsWithTwo(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("bad.yaml"), "no-such-key: 1");
        Files.writeString(folder.resolve("README.md"), "not read");
        environment.put("MIROIR_SEARCH_CONF", folder.toString());

        assertThat(new LoadMain(environment).run(SAMPLE)).isEqualTo(2);
    }
}
