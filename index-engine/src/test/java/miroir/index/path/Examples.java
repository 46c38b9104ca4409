package miroir.index.path;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import miroir.index.json.ResourceWriter;
import miroir.index.json.Utf8Buffer;
import org.bson.RawBsonDocument;

/** The resources that other projects publish as examples, and those of the directory. */
final class Examples {
    /** Definitions of half of FHIR in one file say nothing new and take minutes. */
    private static final long LONGEST = 300_000;

    /** How many examples of the specification are longer. */
    static final int TOO_LONG = 39;

    private Examples() {}

    /** The JSON examples of the specification and of IBM's server, some 4,700; how many were left out because they are too long. */
    static int ofTheSpecification(BiConsumer<String, byte[]> use) {
        URL inside = Objects.requireNonNull(Examples.class.getResource("/json/spec/patient-example.json"));
        String jar = inside.toString().replaceAll("!.*", "");
        try (FileSystem files = FileSystems.newFileSystem(URI.create(jar), Map.of());
                Stream<Path> paths = Files.walk(files.getPath("/json"))) {
            int tooLong = 0;
            for (Path path : paths.filter(path -> path.toString().endsWith(".json"))
                    .sorted()
                    .toList()) {
                tooLong += use(path, use) ? 0 : 1;
            }
            return tooLong;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The directory's examples, and the resources inside those that are Bundles. */
    static void ofTheDirectory(BiConsumer<String, byte[]> use) {
        try (Stream<Path> paths = Files.list(Path.of(
                Objects.requireNonNull(Examples.class.getResource("/directory")).toURI()))) {
            paths.filter(path -> path.toString().endsWith(".json") && !path.endsWith("_index.json"))
                    .sorted()
                    .forEach(path -> use(path, (name, json) -> withEntries(name, json, use)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** False where it is too long. */
    private static boolean use(Path path, BiConsumer<String, byte[]> use) {
        try {
            boolean isUsed = Files.size(path) <= LONGEST;
            if (isUsed) {
                use.accept(path.toString(), Files.readAllBytes(path));
            }
            return isUsed;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void withEntries(String name, byte[] json, BiConsumer<String, byte[]> use) {
        use.accept(name, json);
        int number = 0;
        for (RawValue entry : RawValue.of(JsonToBson.read(json)).all("entry")) {
            RawValue resource = entry.get("resource");
            if (resource != null) {
                Utf8Buffer text = new Utf8Buffer(5_000);
                int length = RawBytes.int32(resource.bytes(), resource.at());
                ResourceWriter.write(new RawBsonDocument(resource.bytes(), resource.at(), length), text, false);
                use.accept(name + "#" + number++, text.toByteArray());
            }
        }
    }
}
