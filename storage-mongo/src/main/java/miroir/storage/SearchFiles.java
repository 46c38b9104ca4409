package miroir.storage;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import miroir.index.registry.ConfigurationText;
import miroir.index.registry.ShippedSearch;
import miroir.index.yaml.ConfigurationRefused;

/**
 * The files that say what is searched, as they are whenever somebody asks; the shipped ones where there was no folder in the beginning. A
 * folder that was there and is not, or is empty, is a mistake or about to be replaced: taken at its word it would change what all
 * servers of the database search.
 */
public final class SearchFiles implements Supplier<List<ConfigurationText>> {
    private final Path folder;
    private final boolean isThere;
    private final boolean hasFiles;

    /** Those of a folder that may be there. */
    public SearchFiles(Path folder) {
        this.folder = folder;
        this.isThere = Files.isDirectory(folder);
        this.hasFiles = isThere && !paths().isEmpty();
    }

    @Override
    public List<ConfigurationText> get() {
        if (!isThere) {
            return ShippedSearch.files();
        }
        if (!Files.isDirectory(folder)) {
            throw new ConfigurationRefused(folder.toString(), "was a folder at the start, and is none now");
        }
        List<Path> paths = paths();
        if (hasFiles && paths.isEmpty()) {
            throw new ConfigurationRefused(folder.toString(), "had files at the start, and has none now");
        }
        return paths.stream().map(SearchFiles::text).toList();
    }

    private List<Path> paths() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(SearchFiles::isConfiguration).sorted().toList();
        } catch (IOException e) {
            throw new ConfigurationRefused(folder.toString(), "cannot be read: " + e);
        }
    }

    /** What editors keep beside a file while it is written begins with a dot. */
    private static boolean isConfiguration(Path file) {
        String name = file.getFileName().toString();
        return !name.startsWith(".") && (name.endsWith(".yaml") || name.endsWith(".json"));
    }

    private static ConfigurationText text(Path file) {
        try {
            return new ConfigurationText(file.toString(), Files.readString(file));
        } catch (CharacterCodingException e) {
            throw new ConfigurationRefused(file.toString(), "is not UTF-8");
        } catch (IOException e) {
            throw new ConfigurationRefused(file.toString(), "cannot be read: " + e);
        }
    }
}
