package miroir.server.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ServerVersionTest {
    @Test
    void date_isThatOfTheBuild() throws Exception {
        String pom = Files.readString(Path.of(System.getProperty("miroir.root"), "pom.xml"));

        assertThat(pom).contains("<project.build.outputTimestamp>" + ServerVersion.date() + "<");
    }
}
