package miroir.sync.files;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * Resources in files: one resource or Bundle in each {@code .json}, one in each line of each {@code .ndjson}; either may be
 * zipped ({@code .gz}).
 */
public final class ResourceFiles {
    /** What the names of files with resources end in. */
    public static final List<String> ENDINGS = List.of(".json", ".ndjson", ".json.gz", ".ndjson.gz");

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
        for (Path file : of(path)) {
            try (InputStream in = opened(file)) {
                if (isLines(file)) {
                    readLines(file, in, taker);
                } else {
                    giveAll(file.toString(), in.readAllBytes(), taker);
                }
            }
        }
    }

    private static boolean isLines(Path file) {
        return file.toString().endsWith(".ndjson") || file.toString().endsWith(".ndjson.gz");
    }

    private static InputStream opened(Path file) throws IOException {
        InputStream in = Files.newInputStream(file);
        return file.toString().endsWith(".gz") ? new GZIPInputStream(in, 64 << 10) : in;
    }

    /** The files that are read: the one, or those in the folder. */
    public static List<Path> of(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> below = Files.walk(path)) {
            return below.filter(Files::isRegularFile)
                    .filter(file -> ENDINGS.stream().anyMatch(file.toString()::endsWith))
                    .sorted()
                    .toList();
        }
    }

    /** As ISO 8859-1, which keeps every byte: whether they are UTF-8 is for the resource reader to judge. */
    private static void readLines(Path file, InputStream in, Taker taker) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.ISO_8859_1));
        int number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            if (!line.isBlank()) {
                giveAll(file + ":" + number, line.getBytes(StandardCharsets.ISO_8859_1), taker);
            }
        }
    }

    private static void giveAll(String where, byte[] json, Taker taker) {
        BundleEntries.of(json).forEach(resource -> taker.take(where, resource));
    }
}
