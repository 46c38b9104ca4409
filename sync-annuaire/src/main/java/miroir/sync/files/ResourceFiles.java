package miroir.sync.files;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Resources in files: one resource or Bundle in each {@code .json}, one in each line of each {@code .ndjson}. */
public final class ResourceFiles {

    /** Takes one resource. */
    public interface Taker {
        /**
         * @param where the file and the line, for reports
         */
        void take(String where, byte[] json);
    }

    private ResourceFiles() {}

    /** Gives all resources of a file, or of the files in a folder and below it in the order of their names. */
    public static void read(Path path, Taker taker) throws IOException {
        for (Path file : files(path)) {
            if (file.toString().endsWith(".ndjson")) {
                readLines(file, taker);
            } else {
                giveAll(file.toString(), Files.readAllBytes(file), taker);
            }
        }
    }

    private static List<Path> files(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> below = Files.walk(path)) {
            return below.filter(Files::isRegularFile)
                    .filter(file ->
                            file.toString().endsWith(".json") || file.toString().endsWith(".ndjson"))
                    .sorted()
                    .toList();
        }
    }

    /** As ISO 8859-1, which keeps every byte: whether they are UTF-8 is for the resource reader to judge. */
    private static void readLines(Path file, Taker taker) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    giveAll(file + ":" + number, line.getBytes(StandardCharsets.ISO_8859_1), taker);
                }
            }
        }
    }

    private static void giveAll(String where, byte[] json, Taker taker) {
        BundleEntries.of(json).forEach(resource -> taker.take(where, resource));
    }
}
