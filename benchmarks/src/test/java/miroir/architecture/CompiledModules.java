package miroir.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The class files of all modules, taken from their build folders. */
final class CompiledModules {
    static final Path ROOT = Path.of(System.getProperty("miroir.root"));

    private static final List<String> MODULES = List.of(
            "index-engine",
            "storage-mongo",
            "server",
            "sync-annuaire",
            "sql-copies",
            "simulator",
            "validation",
            "benchmarks");

    private CompiledModules() {}

    /** What is shipped. Read once: it takes seconds. */
    static JavaClasses main() {
        return Main.CLASSES;
    }

    /** The tests. */
    static JavaClasses tests() {
        return Tests.CLASSES;
    }

    private static JavaClasses imported(String folder) {
        List<Path> built = MODULES.stream()
                .map(module -> ROOT.resolve(module).resolve("target").resolve(folder))
                .filter(Files::isDirectory)
                .toList();
        return new ClassFileImporter()
                .withImportOption(location -> !location.contains("/jmh_generated/"))
                .importPaths(built);
    }

    private static final class Main {
        static final JavaClasses CLASSES = imported("classes");
    }

    private static final class Tests {
        static final JavaClasses CLASSES = imported("test-classes");
    }

    /** The source folders of a kind, {@code main} or {@code test}. */
    static Stream<Path> sourceFolders(String kind) {
        return MODULES.stream()
                .map(module -> ROOT.resolve(module).resolve("src").resolve(kind).resolve("java"))
                .filter(Files::isDirectory);
    }
}
