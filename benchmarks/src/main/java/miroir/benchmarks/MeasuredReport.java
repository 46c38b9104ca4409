package miroir.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What was measured, for people and for programs. */
public interface MeasuredReport {
    /** When, as in {@code 2026-11-30}. */
    String date();

    String markdown();

    String json();

    /** Writes {@code name.md} and {@code name.json}. */
    default void write(Path folder, String name) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(name + ".md"), markdown());
        Files.writeString(folder.resolve(name + ".json"), json());
    }
}
