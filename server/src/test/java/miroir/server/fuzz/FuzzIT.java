package miroir.server.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import miroir.server.TestServer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Spoiled input for ten minutes: for each reader by itself, and for a server at its socket. */
@Tag("soak")
final class FuzzIT {
    private static final Duration LENGTH = Duration.ofMinutes(Integer.getInteger("miroir.fuzz.minutes", 10));
    private static final int INPUTS = 200;

    @Test
    void readers_ofSpoiledInput_takeOrRefuseIt() throws Exception {
        try (TestServer server = TestServer.start()) {
            List<Reader> readers = new ArrayList<>(Readers.all());
            readers.add(SpoiledRequests.to(server));
            Fuzzing fuzzing = new Fuzzing(Long.getLong("miroir.seed", 1), readers);
            long begun = System.nanoTime();
            while (System.nanoTime() - begun < LENGTH.toNanos()
                    && fuzzing.faults().isEmpty()) {
                fuzzing.run(INPUTS);
            }
            String result = System.getProperty("miroir.soak.result");
            if (result != null) {
                Files.writeString(Path.of(result), fuzzing.figures().toJson());
            }
            assertThat(fuzzing.faults()).isEmpty();
            assertThat(fuzzing.untried()).isEmpty();
        }
    }
}
