package miroir.sync;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import miroir.simulator.Kind;
import miroir.simulator.fault.Fault;
import miroir.simulator.fault.FaultRule;
import miroir.simulator.http.Simulator;
import miroir.simulator.http.SimulatorSettings;
import miroir.simulator.life.Event;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import miroir.sync.testing.Mirroring;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The commands, and what they end with. */
@ExtendWith(MongoExtension.class)
class SyncMainIT {
    private static final Path ROOT = Path.of(System.getProperty("miroir.root"));

    private final Simulator upstream = Simulator.start(
            SimulatorSettings.standard().withSize(622).withPace(0).withKey("k3y"));
    private final Map<String, String> environment = new HashMap<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    SyncMainIT(TestDatabase database, @TempDir Path folder) throws Exception {
        Mirroring.empty(database);
        Path configuration = Files.writeString(folder.resolve("sync.yaml"), """
                sources:
                  sim: {url: "%s", quota: 10000, patience: 2s}
                synchronisations:
                  - {source: sim, type: Organization}
                  - {source: sim, type: Device}
                daemon: {lease: 4s}
                """.formatted(upstream.base()));
        environment.put("MONGODB_URI", database.uri());
        environment.put("MIROIR_DATABASE", database.name());
        environment.put("MIROIR_TYPES", "Organization,Device");
        environment.put("MIROIR_SEARCH_CONF", ROOT.resolve("conf/search").toString());
        environment.put("MIROIR_SYNC_CONFIG", configuration.toString());
        environment.put("ANNUAIRE_API_KEY", "k3y");
    }

    @AfterEach
    void close() {
        upstream.close();
    }

    private ExitCode sync(String... arguments) {
        PrintStream to = new PrintStream(out, true, UTF_8);
        return new SyncMain(environment, to, to).run(List.of(arguments));
    }

    private String said() {
        return out.toString(UTF_8);
    }

    @Test
    void once_thenStatusAndCheck_endWell() {
        environment.put("MIROIR_TERMINAL", "true");
        assertThat(sync("once")).isEqualTo(ExitCode.DONE);
        assertThat(said()).as("a bar at its end").contains("[########################] 100 %");
        assertThat(sync("status")).isEqualTo(ExitCode.DONE);
        assertThat(sync("check", "--complete")).isEqualTo(ExitCode.DONE);
        assertThat(sync("check", "--sample", "20", "--types", "Organization")).isEqualTo(ExitCode.DONE);

        assertThat(said())
                .contains("sim/Organization", "sim/Device", "equal: " + upstream.count(Kind.ORGANIZATION) + " there")
                .doesNotContain("k3y");
    }

    @Test
    void check_afterAChange_namesWhatDiffers() {
        assertThat(sync("once", "--types", "Organization")).isEqualTo(ExitCode.DONE);
        upstream.happen(Kind.ORGANIZATION, Event.CHANGE, 0.1);

        assertThat(sync("check", "--complete", "--types", "Organization")).isEqualTo(ExitCode.NOT_ALL);
        assertThat(said()).contains("DIFFERS", "has another content here");
    }

    @Test
    void once_failures_endWithTheirCode() {
        environment.put("ANNUAIRE_API_KEY", "wrong");
        assertThat(sync("once")).isEqualTo(ExitCode.KEY_REFUSED);
        environment.put("ANNUAIRE_API_KEY", "k3y");
        assertThat(sync("once", "--url", "http://127.0.0.1:1/fhir")).isEqualTo(ExitCode.UPSTREAM_AWAY);
        upstream.faults().add(FaultRule.atRate(Fault.WRONG_TOTAL, 1));
        assertThat(sync("once", "--types", "Device")).isEqualTo(ExitCode.UPSTREAM_WRONG);
        upstream.faults().clear();
        assertThat(sync("status")).as("one is KO").isEqualTo(ExitCode.NOT_ALL);
        assertThat(sync("once")).as("and goes on").isEqualTo(ExitCode.DONE);
    }

    @Test
    void once_fifthGone_waitsForConfirmation() {
        assertThat(sync("once", "--types", "Organization")).isEqualTo(ExitCode.DONE);
        upstream.happen(Kind.ORGANIZATION, Event.VANISH, 0.2);

        assertThat(sync("once", "--full", "--types", "Organization")).isEqualTo(ExitCode.GUARD);
        assertThat(sync("confirm", "sim/Organization")).isEqualTo(ExitCode.DONE);
        assertThat(sync("once", "--types", "Organization")).isEqualTo(ExitCode.DONE);
        assertThat(sync("check", "--complete", "--types", "Organization")).isEqualTo(ExitCode.DONE);
    }

    @Test
    void load_bundlesAndLines_areThisServersOwn(@TempDir Path folder) throws Exception {
        Files.writeString(
                folder.resolve("a.ndjson"), "{\"resourceType\":\"Device\",\"id\":\"own\",\"lotNumber\":\"1\"}\n");

        assertThat(sync("load", folder.toString())).isEqualTo(ExitCode.DONE);
        Files.writeString(folder.resolve("b.json"), "{\"resourceType\":\"Device\",\"id\":\"a b\"}");
        assertThat(sync("load", folder.toString())).isEqualTo(ExitCode.NOT_ALL);
    }

    @Test
    void usage_wrong_isRefusedByName() {
        assertThat(sync()).isEqualTo(ExitCode.USAGE);
        assertThat(sync("onec")).isEqualTo(ExitCode.USAGE);
        assertThat(sync("once", "--ful")).isEqualTo(ExitCode.USAGE);
        assertThat(sync("once", "--types", "Patient")).isEqualTo(ExitCode.USAGE);
        assertThat(sync("once", "--url", "nowhere")).isEqualTo(ExitCode.USAGE);
        assertThat(sync("stop", "sim/Nothing")).isEqualTo(ExitCode.USAGE);
        environment.put("MIROIR_SYNC_CONFIG", "/no/such/file");
        assertThat(sync("once")).isEqualTo(ExitCode.USAGE);
        assertThat(said()).contains("'onec'", "--full", "Patient", "nowhere", "no such synchronisation");
    }
}
