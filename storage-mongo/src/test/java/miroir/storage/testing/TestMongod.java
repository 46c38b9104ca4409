package miroir.storage.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Which mongod the tests of this JVM talk to: {@code MONGODB_URI}, else a container where a Docker engine answers, else
 * one that is started here with the binary that {@code ./miroir} finds or downloads.
 */
public final class TestMongod {
    private TestMongod() {}

    /** Of the one mongod of this JVM; started when first asked for. */
    public static String uri() {
        return Chosen.URI;
    }

    /** A mongod binary for tests that need a process of their own to kill: that which {@code ./miroir start} would take. */
    public static Path binary() {
        Path script = root().resolve("miroir");
        try {
            Process process = new ProcessBuilder(script.toString(), "mongod-path")
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = process.waitFor();
            if (status != 0) {
                throw new IllegalStateException("no MongoDB for the tests: " + script
                        + " mongod-path ended with status " + status + "; set MONGODB_URI, or put mongod on the PATH");
            }
            return Path.of(answer.strip().lines().reduce("", (before, line) -> line));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while looking for mongod", e);
        }
    }

    private static String choose() {
        String given = System.getenv("MONGODB_URI");
        if (given != null && !given.isBlank()) {
            return given;
        }
        return ContainerMongod.start()
                .orElseGet(() -> LocalMongod.start(binary()).stopWithThisJvm().uri());
    }

    private static Path root() {
        String given = System.getProperty("miroir.root");
        if (given != null) {
            return Path.of(given);
        }
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.isDirectory(folder.resolve(".mvn"))) {
                return folder;
            }
        }
        throw new IllegalStateException(
                "no folder with .mvn at or above " + Path.of("").toAbsolutePath());
    }

    private static final class Chosen {
        static final String URI = choose();
    }
}
