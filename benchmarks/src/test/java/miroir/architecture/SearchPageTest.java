package miroir.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaMethod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.architecture.SearchFeatures.Feature;
import miroir.architecture.SearchFeatures.Section;
import miroir.index.generated.GeneratedFile;
import miroir.index.generated.Proves;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * Writes {@code docs/api/search.md} from what R4 says of searching and what tests claim to prove. A claim is believed where it
 * is that of a test which runs, and where the example of the feature stands in that test, or in what it calls of its package: a
 * row that is taken out of a table of queries is missed here.
 */
@Tag("source")
class SearchPageTest {
    private static final Map<String, List<JavaMethod>> PROOFS = proofs();
    private static final Map<Path, String> TEXTS = new HashMap<>();

    @Test
    void page_isWhatTestsProve() {
        GeneratedFile.at("docs/api/search.md")
                .assertIs(head()
                        + SearchFeatures.SECTIONS.stream()
                                .map(SearchPageTest::section)
                                .collect(Collectors.joining()));
    }

    @Test
    void features_all_areProved() {
        assertThat(SearchFeatures.all().map(Feature::name)).doesNotHaveDuplicates();
        assertThat(SearchFeatures.all().filter(feature -> !PROOFS.containsKey(feature.name())))
                .as("features that no test claims to prove, or to refuse")
                .isEmpty();
    }

    @Test
    void proofs_all_areOfFeaturesThatThereAre() {
        assertThat(PROOFS.keySet())
                .as("what tests claim to prove, and SearchFeatures does not know")
                .isSubsetOf(SearchFeatures.all().map(Feature::name).toList());
    }

    @Test
    void proofs_all_areTestsThatRun() {
        assertThat(PROOFS.values().stream().flatMap(List::stream))
                .allMatch(proof -> proof.isAnnotatedWith(Test.class) || proof.isAnnotatedWith(ParameterizedTest.class))
                .noneMatch(proof -> proof.getOwner()
                        .tryGetAnnotationOfType(Tag.class)
                        .filter(tag -> tag.value().equals("soak"))
                        .isPresent());
    }

    @Test
    void proofs_ofEachFeature_haveItsExample() {
        assertThat(SearchFeatures.all()
                        .filter(feature -> PROOFS.getOrDefault(feature.name(), List.of()).stream()
                                .noneMatch(proof -> text(proof).contains(feature.sign()))))
                .as("features whose example is in none of the tests that claim to prove them")
                .isEmpty();
    }

    /** By the name of the feature, in the order of the tests' names. */
    private static Map<String, List<JavaMethod>> proofs() {
        Map<String, List<JavaMethod>> proofs = new TreeMap<>();
        CompiledModules.tests().stream()
                .flatMap(type -> type.getMethods().stream())
                .filter(method -> method.isAnnotatedWith(Proves.class))
                .sorted(Comparator.comparing(JavaMethod::getFullName))
                .forEach(method -> {
                    for (String name : method.getAnnotationOfType(Proves.class).value()) {
                        proofs.computeIfAbsent(name, key -> new ArrayList<>()).add(method);
                    }
                });
        return proofs;
    }

    // --- what stands in a test

    /** Its class and what that names of its package, escapes aside. */
    private static String text(JavaMethod proof) {
        return Objects.requireNonNull(TEXTS.computeIfAbsent(source(proof), file -> {
            StringBuilder text = new StringBuilder();
            collect(file, text, new HashSet<>());
            return text.toString().replace("%7C", "|").replace("\\\\", "\\");
        }));
    }

    private static void collect(Path file, StringBuilder text, Set<Path> seen) {
        if (!seen.add(file)) {
            return;
        }
        String source = read(file);
        text.append(source);
        for (Path mate : mates(file)) {
            String name = mate.getFileName().toString().replace(".java", "");
            if (source.contains(name)) {
                collect(mate, text, seen);
            }
        }
    }

    private static Path source(JavaMethod method) {
        String name = method.getOwner().getName().replace('.', '/') + ".java";
        return CompiledModules.sourceFolders("test")
                .map(folder -> folder.resolve(name))
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no source of " + name));
    }

    private static List<Path> mates(Path file) {
        try (Stream<Path> all = Files.list(file.getParent())) {
            return all.filter(each -> each.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // --- the page

    private static String head() {
        long all = SearchFeatures.all().count();
        long missing = SearchFeatures.all()
                .filter(feature -> feature.instead() != null)
                .count();
        return """
                # Search: what R4 defines, and what proves it

                Written by `SearchPageTest` from `SearchFeatures` and from what tests claim to prove (`@Proves`); do not edit. A feature without
                a test, a test that does not run, and an example that the test does not have, fail the build. Of %d features %d are offered;
                of the other %d the table says what a client gets instead and why, and which test has seen it.

                What the forms mean, and where R4 leaves a choice: [search-type.md](search-type.md), [search-system.md](search-system.md). The parameters
                of the directory: [parameters.md](parameters.md).
                """.formatted(all, all - missing, missing);
    }

    private static String section(Section section) {
        return "\n## " + section.title() + "\n\n[R4](https://hl7.org/fhir/R4/" + section.specification() + ")\n\n"
                + "| feature | for example | offered | proved by |\n|---|---|---|---|\n"
                + section.features().stream().map(SearchPageTest::row).collect(Collectors.joining());
    }

    private static String row(Feature feature) {
        String example = feature.isQuery() ? "`" + example(feature) + "`" : "";
        String offered = feature.instead() == null ? "yes" : "**no**: " + feature.instead();
        return "| " + feature.name().replaceAll("([|_*])", "\\\\$1") + " | " + example + " | " + offered + " | "
                + PROOFS.getOrDefault(feature.name(), List.of()).stream()
                        .map(SearchPageTest::link)
                        .collect(Collectors.joining("<br>"))
                + " |\n";
    }

    /** Without what it finds, which stands behind a semicolon in tables of queries. */
    private static String example(Feature feature) {
        return feature.example().replaceAll(";( .*)?$", "").strip().replace("|", "\\|");
    }

    private static String link(JavaMethod proof) {
        Path source = CompiledModules.ROOT.relativize(source(proof));
        String name = proof.getOwner().getSimpleName() + "." + proof.getName();
        return "[" + name.replace("_", "\\_") + "](../../" + source.toString().replace('\\', '/') + ")";
    }
}
