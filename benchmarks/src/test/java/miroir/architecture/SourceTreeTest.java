package miroir.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What neither the compiler nor class files show: papers, comments, paths. */
@Tag("source")
class SourceTreeTest {
    private static final Set<String> NOT_OURS = Set.of("target", ".git", ".miroir", ".idea", ".vscode", "__pycache__");

    /** Taken apart, or this file would be the first offender. */
    private static final Pattern MACHINE_PATH = Pattern.compile(
            "(?<![\\w.:$}~-])/(home|Users|root|wo" + "rk)/[A-Za-z0-9_.]" + "|[A-Z]:\\\\Users|\\.\\./sha" + "red");

    private static final Pattern TO_DO = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b(?! \\(issue \\d+\\))");
    private static final Pattern PUBLIC_TYPE = Pattern.compile(
            "^public (?:(?:static|final|abstract|sealed|non-sealed) )*(?:class|interface|record|enum|@interface) (\\w+)");

    private static final Pattern LOCAL_LINK = Pattern.compile("\\]\\((?![a-z]+:)([^)#\\s]*)(?:#([^)\\s]*))?\\)");

    private static final List<Path> FILES = new ArrayList<>();

    @BeforeAll
    static void list() throws IOException {
        Files.walkFileTree(CompiledModules.ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return NOT_OURS.contains(folder.getFileName().toString())
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && !file.getFileName().toString().equals(".git")) {
                    FILES.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @Test
    void readme_always_isShort() {
        assertThat(lines(CompiledModules.ROOT.resolve("README.md"))).hasSizeLessThanOrEqualTo(150);
    }

    @Test
    void architecturePage_ifWritten_isShort() {
        Path page = CompiledModules.ROOT.resolve("ARCHITECTURE.md");

        assertThat(Files.exists(page) ? lines(page) : List.of()).hasSizeLessThanOrEqualTo(300);
    }

    @Test
    void decisions_all_areNumbered() throws IOException {
        try (var pages = Files.list(CompiledModules.ROOT.resolve("docs/adr"))) {
            assertThat(pages.map(page -> page.getFileName().toString()))
                    .allMatch(name -> name.matches("(\\d{4}-[a-z0-9-]+|README)\\.md"));
        }
    }

    @Test
    void files_all_nameNoPathOfOneMachine() {
        assertThat(offenders(MACHINE_PATH)).isEmpty();
    }

    @Test
    void files_all_leaveNothingToDoWithoutAnIssue() {
        assertThat(offenders(TO_DO)).isEmpty();
    }

    @Test
    void linksOfPages_all_leadSomewhere() {
        List<String> dead = new ArrayList<>();
        for (Path file : FILES) {
            if (file.toString().endsWith(".md")) {
                LOCAL_LINK
                        .matcher(String.join("\n", lines(file)))
                        .results()
                        .filter(link -> !leadsSomewhere(file, link))
                        .forEach(link -> dead.add(CompiledModules.ROOT.relativize(file) + ": " + link.group()));
            }
        }
        assertThat(dead).isEmpty();
    }

    private static boolean leadsSomewhere(Path file, MatchResult link) {
        Path target = link.group(1).isEmpty() ? file : file.resolveSibling(link.group(1));
        return Files.exists(target) && (link.group(2) == null || anchors(target).contains(link.group(2)));
    }

    /** What forges make of headings. */
    private static Set<String> anchors(Path page) {
        return lines(page).stream()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ +", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    @Test
    void publicTypes_ofMainCode_haveJavadoc() throws IOException {
        List<String> bare = new ArrayList<>();
        for (Path file : javaFiles("main")) {
            List<String> lines = lines(file);
            for (int i = 0; i < lines.size(); i++) {
                if (PUBLIC_TYPE.matcher(lines.get(i)).find() && !hasJavadoc(lines, i)) {
                    bare.add(file + ":" + (i + 1));
                }
            }
        }
        assertThat(bare).isEmpty();
    }

    @Test
    void packages_ofMainCode_areDescribed() throws IOException {
        List<Path> bare = new ArrayList<>();
        for (Path file : javaFiles("main")) {
            Path description = file.resolveSibling("package-info.java");
            if (!Files.exists(description) || !lines(description).get(0).startsWith("/**")) {
                bare.add(file.getParent());
            }
        }
        assertThat(bare).isEmpty();
    }

    /** Annotations may stand between. */
    private static boolean hasJavadoc(List<String> lines, int type) {
        int above = type - 1;
        while (above >= 0
                && (lines.get(above).startsWith("@")
                        || lines.get(above).startsWith("    ")
                        || lines.get(above).startsWith(")"))) {
            above--;
        }
        return above >= 0 && lines.get(above).endsWith("*/");
    }

    private static List<Path> javaFiles(String kind) {
        List<Path> folders = CompiledModules.sourceFolders(kind).toList();
        return FILES.stream()
                .filter(file -> file.toString().endsWith(".java"))
                .filter(file -> folders.stream().anyMatch(file::startsWith))
                .toList();
    }

    private static List<String> offenders(Pattern pattern) {
        List<String> offenders = new ArrayList<>();
        for (Path file : FILES) {
            List<String> lines = lines(file);
            for (int i = 0; i < lines.size(); i++) {
                if (pattern.matcher(lines.get(i)).find()) {
                    offenders.add(CompiledModules.ROOT.relativize(file) + ":" + (i + 1) + ": "
                            + lines.get(i).strip());
                }
            }
        }
        return offenders;
    }

    /** None of a file that is not text. */
    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (MalformedInputException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
