package miroir.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import miroir.index.registry.ConfigurationText;
import miroir.index.registry.ShippedSearch;
import miroir.index.yaml.ConfigurationRefused;

/** The files that say what is searched, as they are whenever somebody asks; the shipped ones where there is no folder. */
record SearchFiles(Path folder) implements Supplier<List<ConfigurationText>> {

    @Override
    public List<ConfigurationText> get() {
        if (!Files.isDirectory(folder)) {
            return ShippedSearch.files();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(SearchFiles::isConfiguration)
                    .sorted()
                    .map(SearchFiles::text)
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw new ConfigurationRefused(folder.toString(), "cannot be read: " + e.getMessage());
        }
    }

    private static boolean isConfiguration(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".yaml") || name.endsWith(".json");
    }

    private static ConfigurationText text(Path file) {
        try {
            return new ConfigurationText(file.toString(), Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
