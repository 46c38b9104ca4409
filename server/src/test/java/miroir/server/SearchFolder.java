package miroir.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** A copy of the shipped configuration, whose files may be changed. */
record SearchFolder(Path path) {
    private static final Path SHIPPED = Path.of(System.getProperty("miroir.root"), "conf");

    static SearchFolder in(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(SHIPPED)) {
            for (Path file : files.toList()) {
                Path copy = folder.resolve(SHIPPED.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
        return new SearchFolder(folder);
    }

    /** Writes a file of search parameters at once, as a careful operator does. */
    void write(String name, List<String> lines) throws IOException {
        Path written = Files.write(path.resolve(name + ".new"), lines);
        Files.move(written, path.resolve("search").resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    /** A string parameter of organizations. */
    static List<String> parameter(String name, String path) {
        return List.of(
                "resources:",
                "  - name: Organization",
                "    searchParams:",
                "      - {name: " + name + ", searchType: string, resourcePaths: [" + path + "]}");
    }
}
