package miroir.sync;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.util.Map;
import miroir.index.Refusal;
import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.structure.Structures;
import miroir.index.yaml.ConfigurationRefused;
import miroir.sync.files.ResourceFiles;

/**
 * {@code LoadMain PATH}: stores the resources of files as this server's own, in the store that the environment names
 * ({@link OpenedStore}). It ends with 0, with 1 where something was rejected, with 2 where nothing could be done.
 */
final class LoadMain {
    private final Map<String, String> environment;

    LoadMain(Map<String, String> environment) {
        this.environment = environment;
    }

    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length != 1) {
            System.err.println("expected one file or folder, got " + arguments.length + " arguments");
            System.exit(2);
        }
        System.exit(new LoadMain(System.getenv()).run(Path.of(arguments[0])));
    }

    int run(Path path) throws InterruptedException {
        try {
            return load(path, System.out, System.err) ? 0 : 1;
        } catch (ConfigurationRefused | Refusal | IllegalArgumentException | DateTimeException e) {
            System.err.println(e.getMessage());
        } catch (IOException | UncheckedIOException e) {
            System.err.println("cannot read: " + e.getMessage());
        }
        return 2;
    }

    /** False where something was rejected. */
    boolean load(Path path, PrintStream out, PrintStream err) throws IOException, InterruptedException {
        try (OpenedStore opened = OpenedStore.open(environment).awaitReady()) {
            ResourceReader reader = new ResourceReader(Structures.r4(), ReadLimits.standard());
            LoadResources load = new LoadResources(reader, opened.store(), opened.types(), err::println);
            ResourceFiles.read(path, load::load);
            out.println(load.report());
            return load.isComplete();
        }
    }
}
