package miroir.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import miroir.index.generated.GeneratedFile;
import miroir.server.access.AdministratorRole;
import miroir.server.metadata.ServerVersion;
import miroir.server.pages.Language;
import miroir.server.pipeline.Looking;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole pages, letter by letter, with all that stands around them, as each role sees them where reading takes a token; dates are written otherwise by other JDKs. */
@Tag("source")
final class RolePagesTest {
    private static final Site CLOSED = new Site(ZoneId.of("Europe/Paris"), true, true, true, true, false, Theme.none());

    /** A page by its template, and where it is. */
    private record Shown(String path, Function<View, Object> page) {}

    private static Map<String, Shown> pages() {
        Map<String, Shown> pages = new TreeMap<>();
        pages.put("consumer", new Shown("/admin/consumers/pharmacy", PagesTest::consumer));
        pages.put("exports", new Shown("/admin/exports", PagesTest::exports));
        pages.put("home", new Shown("/", PagesTest::home));
        pages.put("subscriptions", new Shown("/admin/subscriptions", PagesTest::subscriptions));
        pages.put(
                "synchronisation",
                new Shown(
                        "/admin/synchronisations/annuaire.Device",
                        view -> new SynchronisationPage(
                                view,
                                PagesTest.detail(),
                                SynchronisationForm.of("annuaire.Device", PagesTest.synchronisation()))));
        return pages;
    }

    private static String html(String template, AdministratorRole role) {
        Shown shown = Objects.requireNonNull(pages().get(template));
        View view = View.of(Looking.as(role), Language.FR, CLOSED, shown.path());
        return Pages.html(template, shown.page().apply(view))
                .replaceAll("(/assets/[a-z.]+)\\?[^\"]*", "$1")
                .replace(ServerVersion.text(), "VERSION");
    }

    static Stream<Arguments> all() {
        return pages().keySet().stream()
                .flatMap(name -> Stream.of(AdministratorRole.values())
                        .filter(role -> role != AdministratorRole.NOBODY || name.equals("home"))
                        .map(role -> Arguments.of(name, role)));
    }

    @ParameterizedTest
    @MethodSource("all")
    void page_forARole_isWritten(String template, AdministratorRole role) {
        String name = template + "-" + role.name().toLowerCase(Locale.ROOT);

        GeneratedFile.at("server/src/test/resources/miroir/server/console/roles/" + name + ".html")
                .assertIs(html(template, role));
    }

    /** Who may do more sees all that who may do less sees, and more. */
    @Test
    void roles_eachHaveMoreForms() {
        for (String template : List.of("consumer", "exports", "subscriptions", "synchronisation")) {
            List<Long> forms = Stream.of(
                            AdministratorRole.VIEWER, AdministratorRole.OPERATOR, AdministratorRole.ADMINISTRATOR)
                    .map(role -> html(template, role)
                            .lines()
                            .filter(line -> line.contains("<form"))
                            .count())
                    .toList();
            assertThat(forms).as(template).isSorted();
            assertThat(forms.get(0)).as(template).isOne();
            assertThat(forms.get(2)).as(template).isGreaterThan(1);
        }
    }
}
