package miroir.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process of the daemon that stands still ends by itself. */
class StandstillIT {
    private static final Path ROOT = Path.of(System.getProperty("miroir.root"));

    /** What waits for a database that takes everything and says nothing is longer in a step than this daemon has patience for. */
    @Test
    void run_standsStill_endsWith10AndSaysWhere(@TempDir Path folder) throws Exception {
        Path configuration = Files.writeString(folder.resolve("sync.yaml"), """
                sources:
                  up: {url: "http://127.0.0.1:1/fhir", keyVariable: ANNUAIRE_API_KEY}
                synchronisations:
                  - {source: up, type: Organization}
                daemon: {lease: 2s, metricsPort: 0}
                """);
        Path printed = folder.resolve("printed");
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            ProcessBuilder builder = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            classPath(),
                            ImpatientDaemon.class.getName(),
                            "run")
                    .directory(ROOT.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(printed.toFile());
            builder.environment()
                    .put(
                            "MONGODB_URI",
                            "mongodb://127.0.0.1:" + silent.getLocalPort() + "/?serverSelectionTimeoutMS=1500");
            builder.environment().put("MIROIR_SYNC_CONFIG", configuration.toString());
            builder.environment().put("MIROIR_LOG_DIR", folder.toString());
            builder.environment().put("ANNUAIRE_API_KEY", "none");
            Process process = builder.start();
            try {
                assertThat(process.waitFor(60, TimeUnit.SECONDS))
                        .as("it ends by itself")
                        .isTrue();
            } finally {
                process.destroyForcibly();
            }
            assertThat(process.exitValue()).as(Files.readString(printed)).isEqualTo(ExitCode.UNEXPECTED.status());
        }
        assertThat(Files.readString(printed))
                .contains("what takes and keeps the lease stands still for ", "; the process ends", "lead is at [");
    }

    /** What users start, and the one class of the tests. */
    private static String classPath() {
        Path target = ROOT.resolve("sync-annuaire/target");
        return String.join(
                File.pathSeparator,
                List.of(
                        target.resolve("test-classes").toString(),
                        target.resolve("app").resolve("*").toString()));
    }
}
