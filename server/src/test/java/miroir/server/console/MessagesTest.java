package miroir.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import miroir.server.pages.Language;
import miroir.server.routing.AdminRoute;
import miroir.storage.sync.Cause;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("source")
final class MessagesTest {
    private static final Path SERVER = Path.of(System.getProperty("miroir.root"), "server", "src", "main");
    private static final Pattern SAID = Pattern.compile("(?:say|count)\\(\\s*\"([^\"]+)\"");
    private static final Pattern PLACE = Pattern.compile("\\{\\d}");

    private static Set<String> keys(Language language) {
        return Messages.in(language).all().stringPropertyNames();
    }

    @Test
    void keys_inBothLanguages_areTheSame() {
        assertThat(keys(Language.FR)).isEqualTo(keys(Language.EN)).hasSizeGreaterThan(200);
    }

    @Test
    void places_inBothLanguages_areTheSame() {
        for (String key : keys(Language.FR)) {
            assertThat(places(Language.FR, key)).as(key).isEqualTo(places(Language.EN, key));
        }
    }

    /** What a person has to know of a failure is said in both languages, with all that belongs to it. */
    @ParameterizedTest
    @EnumSource(Language.class)
    void cause_ofEveryKind_isSaidWithItsValues(Language language) {
        for (Cause.Kind kind : Cause.Kind.values()) {
            Set<String> expected = IntStream.range(0, kind.places())
                    .mapToObj(place -> "{" + place + "}")
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(places(language, "cause." + kind)).as(kind.name()).isEqualTo(expected);
            assertThat(Messages.in(language).text("cause." + kind)).doesNotContain("./miroir");
        }
    }

    private static Set<String> places(Language language, String key) {
        Matcher matcher = PLACE.matcher(Messages.in(language).text(key));
        return matcher.results().map(result -> result.group()).collect(Collectors.toCollection(TreeSet::new));
    }

    /** A key is said as it stands, or begins with what is said, or is made of parts that are. */
    @Test
    void keys_all_areSomewhereInThePages() throws IOException {
        String all = sources();
        Set<String> unused = keys(Language.FR).stream()
                .filter(key -> !all.contains("\"" + key.replaceFirst("\\.(one|many|hint)$", "") + "\""))
                .filter(key -> Stream.of(
                                "type.",
                                "people.",
                                "audit.",
                                "phase.",
                                "cause.",
                                "failure.",
                                "done.",
                                "sync.chip.",
                                "sync.",
                                "request.",
                                "run.",
                                "load.range.",
                                "param.kind.",
                                "param.modifier.",
                                "param.prefix.",
                                "param.way.",
                                "param.wayMeans.",
                                "roles.",
                                "groups.",
                                "administrators.")
                        .noneMatch(key::startsWith))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(unused).isEmpty();
    }

    @Test
    void said_everywhere_isThere() throws IOException {
        Set<String> said = SAID.matcher(sources())
                .results()
                .map(result -> result.group(1))
                .filter(key -> !key.endsWith("."))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(said).isNotEmpty();
        for (String key : said) {
            assertThat(keys(Language.FR).stream().anyMatch(each -> each.equals(key) || each.equals(key + ".one")))
                    .as(key)
                    .isTrue();
        }
    }

    @Test
    void done_ofEveryRoute_isOne() {
        Set<String> routes = Arrays.stream(AdminRoute.values()).map(Enum::name).collect(Collectors.toSet());
        assertThat(keys(Language.FR).stream()
                        .filter(key -> key.startsWith("done."))
                        .map(key -> key.substring("done.".length())))
                .isSubsetOf(routes);
    }

    private static String sources() throws IOException {
        StringBuilder all = new StringBuilder();
        for (Path folder : Stream.of("jte", "java/miroir/server/console")
                .map(SERVER::resolve)
                .toList()) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    all.append(Files.readString(file));
                }
            }
        }
        return all.toString();
    }
}
