package miroir.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import miroir.index.Refusal;
import miroir.index.generated.GeneratedFile;
import miroir.server.access.AdministratorRole;
import miroir.server.pages.Language;
import miroir.server.pipeline.Exchange;
import miroir.server.pipeline.Looking;
import miroir.server.routing.Interaction;
import miroir.server.routing.Route;
import miroir.storage.sync.Cause;
import miroir.storage.sync.Counts;
import miroir.storage.sync.KnownSource.Trial;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is sent to browsers that listen, letter by letter; dates are written otherwise by other JDKs. */
@Tag("source")
final class FragmentsTest {
    static final Instant NOON = Instant.parse("2026-11-29T11:00:00Z");

    static final Site SITE = new Site(ZoneId.of("Europe/Paris"), true, true, false, true, true, Theme.none());

    /** Of who looks, and asks for nothing in particular. */
    static View view(Language language) {
        HttpServletRequest request = (HttpServletRequest) Proxy.newProxyInstance(
                HttpServletRequest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getLocales" -> Collections.emptyEnumeration();
                    default -> null;
                });
        Exchange exchange =
                Exchange.hosted(request, new Route(Interaction.CONSOLE, "", ""), List.of(), "http://localhost/fhir");
        return View.of(exchange, language, SITE, "/admin/synchronisations");
    }

    static SynchronisationRow row(String name, Badge badge, boolean isRunning, String word) {
        return new SynchronisationRow(
                name,
                "15 5 * * * Europe/Paris",
                badge,
                word.equals("asked"),
                badge.equals(Badge.STOPPED),
                isRunning,
                isRunning ? new RunProgress("READING", 12_345, 1_500_000, 3_400) : null,
                NOON.minus(Duration.ofDays(1)),
                isRunning ? null : NOON.plus(Duration.ofHours(18)),
                NOON.minus(Duration.ofHours(6)),
                Counts.NONE,
                List.of(new RunMark(0, 6, Badge.DONE, true), new RunMark(1, 20, Badge.BAD, false)));
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void synchronisations_ofEveryState_areWritten(Language language) {
        SynchronisationList list = new SynchronisationList(
                "",
                false,
                List.of(
                        new SynchronisationList.Chip("all", "/admin/synchronisations", 3, true),
                        new SynchronisationList.Chip("ko", "/admin/synchronisations?state=ko", 1, false)),
                List.of(
                        row("annuaire/Organization", Badge.RUNNING, true, ""),
                        row("annuaire/Practitioner", Badge.BAD, false, "asked"),
                        row("annuaire/Device/<b>", Badge.STOPPED, false, "")),
                List.of("regional/Organization"));

        check("synchronisations", language, "synchronisationList", "list", list);
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void sources_triedAndNot_areWritten(Language language) {
        SourceList list = new SourceList(
                List.of(
                        new SourceRow(
                                "annuaire",
                                "https://directory.example/fhir/v2",
                                "16",
                                true,
                                Badge.REACHED,
                                List.of("annuaire/Device"),
                                List.of("annuaire/Organization", "annuaire/Practitioner"),
                                List.of("annuaire/Device"),
                                NOON,
                                false,
                                Trial.answered(NOON, "Organization", 1_500_000, Duration.ofMillis(45))),
                        new SourceRow(
                                "regional",
                                "https://regional.example/r4",
                                "0.5",
                                false,
                                null,
                                List.of(),
                                List.of(),
                                List.of(),
                                null,
                                false,
                                Trial.failed(
                                        NOON, "Organization", Cause.of(Cause.Kind.NO_KEY, "it refuses <no> key", 403))),
                        new SourceRow(
                                "new",
                                "https://new.example/r4",
                                "5",
                                false,
                                null,
                                List.of(),
                                List.of(),
                                List.of(),
                                null,
                                true,
                                null)),
                List.of());

        check("sources", language, "sourceList", "list", list);
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void synchronisation_withRunsAndALog_isWritten(Language language) {
        check("synchronisation", language, "synchronisationDetail", "detail", PagesTest.detail());
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void run_thatFailed_isWritten(Language language) {
        check("run", language, "runDetail", "detail", new RunDetail(PagesTest.run(), false));
    }

    /** The first page is sent to who looks at it as it grows; what somebody has turned to stays as it is. */
    @ParameterizedTest
    @EnumSource(Language.class)
    void rejections_ofTwoReasons_areWritten(Language language) {
        check("rejections", language, "rejectionList", "list", PagesTest.rejectionList(""));
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void load_ofTwoHours_isWritten(Language language) {
        check("load", language, "loadCharts", "shown", PagesTest.load());
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void exports_ofEveryState_areWritten(Language language) {
        check("exports", language, "exportList", "list", PagesTest.exportList());
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void home_ofAServerThatIsUp_isWritten(Language language) {
        check("home", language, "homeNow", "state", PagesTest.homeState());
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void home_ofAServerThatStarts_isWritten(Language language) {
        check("home-starting", language, "homeNow", "state", HomeState.starting("an <index> is built"));
    }

    /** Names of machines are for administrators. */
    @ParameterizedTest
    @EnumSource(Language.class)
    void home_ofAServerThatStarts_saysWhyToAdministratorsAlone(Language language) {
        HomeState starting = HomeState.starting("mongo-1.internal is away");
        View viewer = View.of(Looking.as(AdministratorRole.VIEWER), language, SITE, "/");
        View nobody = View.of(Looking.as(AdministratorRole.NOBODY), language, SITE, "/");

        assertThat(Pages.part("homeNow", Map.of("view", viewer, "state", starting)))
                .contains("mongo-1.internal");
        assertThat(Pages.part("homeNow", Map.of("view", nobody, "state", starting)))
                .doesNotContain("mongo-1");
    }

    /** Programs read JSON; a browser gets it only where there is no page for who looks. */
    @Test
    void path_ofAType_leadsToWhatPeopleRead() {
        View viewer = View.of(Looking.as(AdministratorRole.VIEWER), Language.EN, SITE, "/");
        View nobody = View.of(Looking.as(AdministratorRole.NOBODY), Language.EN, SITE, "/");
        HomeState.TypeState devices = new HomeState.TypeState("Device", 1, true, NOON, false);
        HomeState.TypeState people = new HomeState.TypeState("Practitioner", 1, true, NOON, false);

        assertThat(devices.path(viewer)).isEqualTo("/admin/resources/Device");
        assertThat(people.path(viewer)).isEqualTo("/admin/resources/Practitioner");
        assertThat(people.path(nobody)).isEqualTo("/people");
        assertThat(devices.path(nobody)).startsWith("/fhir/Device?");
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void types_ofWhichSomethingIsKnown_areWritten(Language language) {
        check("types", language, "typeList", "list", PagesTest.typeList());
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void consumers_rolesAndRequests_areWritten(Language language) {
        check("consumers", language, "accessList", "list", PagesTest.accessList());
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void consumer_withAToken_isWritten(Language language) {
        check("consumer", language, "consumerDetail", "detail", PagesTest.consumerDetail());
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void subscriptions_ofWhichOneFails_areWritten(Language language) {
        check("subscriptions", language, "subscriptionList", "list", PagesTest.subscriptionList());
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void settings_ofEveryOrigin_areWritten(Language language) {
        check("settings", language, "settingList", "settings", PagesTest.shownSettings());
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void audit_withAFilter_isWritten(Language language) {
        check("audit", language, "auditRows", "found", PagesTest.auditRows());
    }

    /** What all are sent has nothing in it of who looks, and no form of a session that somebody could send. */
    @ParameterizedTest
    @EnumSource(Language.class)
    void fragments_forAllAlike_haveNothingOfASession(Language language) {
        View view = View.of(Looking.as(AdministratorRole.ADMINISTRATOR), language, SITE, "/admin/consumers/pharmacy");
        Map<String, Object> shown = Map.of("view", view.forAllAlike(), "detail", PagesTest.consumerDetail());

        assertThat(view.csrf()).isNotEmpty();
        assertThat(Pages.part("consumerDetail", shown))
                .contains("name=\"csrf\" value=\"\"", "name=\"back\" value=\"\"", "id=\"form-issue\"")
                .doesNotContain(view.csrf());
    }

    /** Whether somebody may see a part of a page is asked whenever he begins to look, and from time to time. */
    @Test
    void require_ofWhoMayLess_isRefused() {
        Fragments fragments = new Fragments()
                .with("home", AdministratorRole.NOBODY, () -> "", "homeNow", "state")
                .withSome("audit", AdministratorRole.OPERATOR, none -> "", "auditRows", "found");
        View viewer = View.of(Looking.as(AdministratorRole.VIEWER), Language.EN, SITE, "/admin/audit");

        fragments.find("home").require(viewer);
        assertThatThrownBy(() -> fragments.find("audit:type=x").require(viewer))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("operator");
        assertThatThrownBy(() -> fragments.find("load")).hasMessageContaining("there are audit, home");
    }

    /** Each name is read, and written down, by itself: there are no more of them than things to show. */
    @Test
    void find_ofANameWithWhatNobodyKnows_isRefused() {
        Fragments fragments = new Fragments()
                .with("home", AdministratorRole.NOBODY, () -> "", "homeNow", "state")
                .withSome("audit", AdministratorRole.OPERATOR, some -> "", "auditRows", "found")
                .withEach("run", AdministratorRole.VIEWER, which -> "", "runDetail", "detail");

        for (String refused : List.of("home:x1", "home:", "audit:", "run", "run:")) {
            assertThatThrownBy(() -> fragments.find(refused))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("of=" + refused);
        }
        for (String found : List.of("home", "audit", "audit:type=x", "run:1")) {
            assertThat(fragments.find(found).name()).isEqualTo(found);
        }
    }

    private static void check(String name, Language language, String template, String parameter, Object shown) {
        GeneratedFile.at("server/src/test/resources/miroir/server/console/" + name + "-" + language.code() + ".html")
                .assertIs(Pages.part(template, Map.of("view", view(language), parameter, shown)));
    }
}
