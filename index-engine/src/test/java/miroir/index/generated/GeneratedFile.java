package miroir.index.generated;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A committed file that a generator makes: a test asserts that it is what the generator makes now. */
public final class GeneratedFile {
    private final Path path;

    private GeneratedFile(Path path) {
        this.path = path;
    }

    /** The file at that path below the root of the project. */
    public static GeneratedFile at(String path) {
        return new GeneratedFile(
                Path.of(System.getProperty("miroir.root", "..")).resolve(path));
    }

    /** Fails if the content is another one; with {@code -Dregenerate}, writes it instead. */
    public void assertIs(String content) {
        try {
            if (System.getProperty("regenerate") != null) {
                Files.createDirectories(path.getParent());
                Files.writeString(path, content);
            }
            assertThat(Files.exists(path) ? Files.readString(path) : "")
                    .as("%s is out of date: run this test with -Dregenerate and commit the file", path)
                    .isEqualTo(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
