package miroir.index.json;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The JSON examples of FHIR R4, as an artefact on the class path carries them, and those of the directory. */
public final class ExampleResources {
    private static final String ANY = "json/spec/account-example.json";
    private static final Pattern TYPE = Pattern.compile("\"resourceType\"\\s*:\\s*\"(\\w+)\"");

    private ExampleResources() {}

    /** Hands over the name and the text of every example up to that size, in order of name. */
    public static void forEach(int maxBytes, BiConsumer<String, byte[]> use) {
        URL any = Objects.requireNonNull(ExampleResources.class.getClassLoader().getResource(ANY));
        try {
            JarFile jar = ((JarURLConnection) any.openConnection()).getJarFile();
            List<JarEntry> examples = jar.stream()
                    .filter(entry -> entry.getName().matches("json/.*\\.json") && entry.getSize() <= maxBytes)
                    .sorted((a, b) -> a.getName().compareTo(b.getName()))
                    .toList();
            for (JarEntry example : examples) {
                try (InputStream in = jar.getInputStream(example)) {
                    use.accept(example.getName(), in.readAllBytes());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The same of the first ones of each type: four in ten examples are value sets, code systems and structure definitions, of
     * which the last say little that the first did not.
     */
    public static void forEach(int maxBytes, int mostOfEachType, BiConsumer<String, byte[]> use) {
        Map<String, Integer> handedOver = new HashMap<>();
        forEach(maxBytes, (name, json) -> {
            if (handedOver.merge(type(json), 1, Integer::sum) <= mostOfEachType) {
                use.accept(name, json);
            }
        });
    }

    /** As far as it can be seen without reading it: the one that is named first, which may be that of something contained. */
    private static String type(byte[] json) {
        Matcher type = TYPE.matcher(new String(json, StandardCharsets.UTF_8));
        return type.find() ? type.group(1) : "";
    }

    /** Hands over the name and the text of every example of the health directory. */
    public static void forEachOfDirectory(BiConsumer<String, byte[]> use) {
        Path folder = Path.of(System.getProperty("miroir.root", ".."), "index-engine/src/test/resources/directory");
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(file -> !file.getFileName().toString().startsWith("_"))
                    .sorted()
                    .toList()) {
                use.accept(file.getFileName().toString(), Files.readAllBytes(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
