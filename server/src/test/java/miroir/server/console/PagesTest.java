package miroir.server.console;

import static miroir.server.console.FragmentsTest.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import miroir.index.generated.GeneratedFile;
import miroir.index.search.QueryParameter;
import miroir.index.store.ResourceKey;
import miroir.index.store.StoredSize;
import miroir.server.TestServer;
import miroir.server.access.EditSettings.Chosen;
import miroir.server.admin.ShownSetting;
import miroir.server.configuration.ServerConfiguration;
import miroir.server.configuration.Setting;
import miroir.server.console.AccessList.ConsumerRow;
import miroir.server.console.AccessList.NamedRow;
import miroir.server.console.AccessList.RequestRow;
import miroir.server.console.ConsumerDetail.TokenRow;
import miroir.server.console.HomeState.TypeState;
import miroir.server.console.HomeView.Example;
import miroir.server.console.MeasuredTypes.Measured;
import miroir.server.export.KnownExports;
import miroir.server.load.Loads;
import miroir.server.pages.Language;
import miroir.server.routing.Router;
import miroir.server.subscriptions.KnownSubscriptions.Known;
import miroir.storage.sync.Cause;
import miroir.storage.sync.Counts;
import miroir.storage.sync.Definition;
import miroir.storage.sync.LogLine;
import miroir.storage.sync.Piece;
import miroir.storage.sync.Rejection;
import miroir.storage.sync.Run;
import miroir.storage.sync.SourceDefinition;
import org.bson.BsonDocument;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The main part of each page, letter by letter, as an administrator sees it; dates are written otherwise by other JDKs. */
@Tag("source")
final class PagesTest {
    private static final ResourceKey SOMEBODY = new ResourceKey("Practitioner", "p1");
    private static final Badge DONE = Badge.DONE;

    static Run run() {
        return run(Counts.NONE, List.of(new Rejection("d1", "it has no <id>", "{\"resourceType\":\"Device\"}")));
    }

    static Run run(Counts counts, List<Rejection> rejections) {
        return new Run(
                "run-1",
                "annuaire/Device",
                true,
                "it was asked for",
                Run.Phase.READING,
                List.of(
                        new Run.Entered(Run.Phase.COUNTING, NOON),
                        new Run.Entered(Run.Phase.READING, NOON.plusSeconds(15))),
                Run.End.FAILED,
                NOON,
                List.<Piece>of(),
                1_500,
                1,
                counts,
                NOON,
                NOON.plusSeconds(75),
                Cause.of(Cause.Kind.KEY_REFUSED, "the source refuses the key <403>", 403),
                rejections,
                null,
                List.of(
                        new LogLine(NOON, false, "begins, everything: it was asked for"),
                        new LogLine(NOON.plusSeconds(75), true, "ended, KEY_REFUSED: <403>")));
    }

    /** A page of twelve, of two reasons. */
    static RejectionList rejectionList(String page) {
        List<Rejection> all = IntStream.rangeClosed(1, 12)
                .mapToObj(i -> new Rejection(
                        "d" + i, i % 6 == 1 ? "it is <too> long" : "it has no <id>", "{\"resourceType\":\"Device\"}"))
                .toList();
        return RejectionList.of(run(Counts.NONE, all), page);
    }

    static SynchronisationDetail detail() {
        SynchronisationRow row = FragmentsTest.row("annuaire/Device", Badge.WAITING, false, "");
        return new SynchronisationDetail(
                row,
                true,
                false,
                true,
                Cause.of(Cause.Kind.GUARD, "too much <would> go: ./miroir sync confirm", 1_170, 3_970, "2.5"),
                null,
                NOON,
                NOON,
                NOON,
                List.of(RunRow.of(run())),
                run().log());
    }

    static LoadShown load() {
        LoadShown shown = LoadShown.of(Loads.ofTwoHours(), "1h");
        return new LoadShown(shown.range(), shown.since(), shown.until(), shown.slots(), 512L << 20);
    }

    /** Each by its template. */
    private static Map<String, Function<View, Object>> pages() {
        Map<String, Function<View, Object>> pages = new TreeMap<>();
        pages.put("account", AccountPage::new);
        pages.put("audit", PagesTest::audit);
        pages.put("consumer", PagesTest::consumer);
        pages.put("consumers", PagesTest::consumers);
        pages.put("exports", PagesTest::exports);
        pages.put(
                "failure",
                view -> new FailureShown(view, "403", "failure.403", "not <you>", true, "/admin/login", "r1"));
        pages.put("home", PagesTest::home);
        pages.put("login", view -> new LogInPage(view, "/admin/login", "/admin"));
        pages.put("missing", view -> new MissingPage(view, SOMEBODY, true, "it was deleted", "/admin/resources/x"));
        pages.put("newSource", view -> new NewSourcePage(view, SourceForm.forNew()));
        pages.put(
                "newSynchronisation",
                view -> new NewSynchronisationPage(
                        view, SynchronisationForm.forNew(List.of("annuaire"), Set.of("Device"))));
        pages.put("parameters", PagesTest::parameters);
        pages.put(
                "parameterTypes",
                view -> new ParameterTypesPage(
                        view,
                        List.of(new ParameterTypesPage.TypeRow("Device", ListTypes.label(view, "Device"), 22)),
                        ParameterTypesPage.Way.of(Router.DIRECTORY, Router.DIRECTORY)));
        pages.put("people", PagesTest::people);
        pages.put("raw", view -> new RawPage(view, "Title", "<p>markup</p>"));
        pages.put("resource", PagesTest::resource);
        pages.put("run", view -> new RunPage(view, new RunDetail(run(), false), rejectionList("2")));
        pages.put("secret", view -> new SecretPage(view, "Title", "miroir_secret", "/admin/consumers"));
        pages.put("settings", PagesTest::settings);
        pages.put("setup", view -> new SetUpForm(view, "/admin/setup?code=c", "c"));
        pages.put("source", view -> new SourcePage(view, source(), SourceForm.of(definition())));
        pages.put(
                "synchronisation",
                view -> new SynchronisationPage(
                        view, detail(), SynchronisationForm.of("annuaire.Device", synchronisation())));
        pages.put("subscriptions", PagesTest::subscriptions);
        pages.put("type", PagesTest::type);
        pages.put("types", PagesTest::types);
        pages.put("versions", PagesTest::versions);
        return pages;
    }

    static Object subscriptions(View view) {
        return new SubscriptionsPage(view, subscriptionList());
    }

    static SubscriptionList subscriptionList() {
        Known known = new Known(
                "s1",
                3,
                "active",
                "Organization?name=<a>",
                "https://app.example.org",
                "consumer/pharmacy",
                true,
                true,
                2,
                NOON,
                NOON,
                1_200,
                7,
                NOON,
                "the receiver answers with 500 <b>");
        return SubscriptionList.of(
                List.of(known),
                NOON.plusSeconds(90),
                ServerConfiguration.read(
                                "test.yaml",
                                "subscriptions: {trustedHosts: [b.example, a.example]}",
                                Map.<String, String>of()::get)
                        .subscriptions());
    }

    static ExportList exportList() {
        return new ExportList(
                List.of(
                        new ExportRow(export("0123456789ab", "cutting", true, "")),
                        new ExportRow(export("123456789abc", "cutting", false, "")),
                        new ExportRow(export("23456789abcd", "complete", false, "")),
                        new ExportRow(export("3456789abcde", "failed", false, "it would have <many> files"))),
                true);
    }

    private static KnownExports.Known export(String name, String state, boolean isHeld, String failure) {
        boolean isCut = state.equals("complete");
        return new KnownExports.Known(
                name,
                isCut ? "" : "consumer/pharmacy",
                isCut ? "network 192.0.2.0/24" : "consumer/pharmacy",
                "http://localhost/fhir/$export?_typeFilter=Device?status=<a>",
                state,
                isHeld,
                NOON,
                NOON,
                NOON.plus(Duration.ofHours(24)),
                isCut ? "" : "Organization",
                isCut ? 5 : 2,
                5,
                12,
                1_200_000,
                failure);
    }

    static Object exports(View view) {
        return new ExportsPage(
                view,
                exportList(),
                ServerConfiguration.read("test.yaml", "", Map.<String, String>of()::get)
                        .export());
    }

    private static Object audit(View view) {
        return new AuditTrailPage(view, auditRows());
    }

    static AuditRows auditRows() {
        AuditRow row = new AuditRow(
                "n2",
                NOON,
                "consumer/pharmacy",
                "192.0.2.1",
                "admin",
                "PUT_ROLE",
                "reader<b>",
                DONE,
                "done",
                List.of(new Fact("audit.millis", "12")),
                List.of("Device/d1"));
        AuditForm form = AuditForm.of(List.of(new QueryParameter("id", "reader<b>")), ZoneOffset.UTC);
        return AuditRows.of(form, List.of(row), "n1");
    }

    static Object consumer(View view) {
        return new ConsumerPage(view, consumerDetail());
    }

    static ConsumerDetail consumerDetail() {
        return new ConsumerDetail(
                "pharmacy",
                7,
                false,
                "somebody <at> example.org",
                List.of("pharmacies"),
                List.of("reader"),
                "5",
                1_234,
                List.of(new TokenRow("t1", "first", NOON, null, NOON)),
                List.of("READ on *"));
    }

    private static Object consumers(View view) {
        return new ConsumersPage(view, accessList());
    }

    static AccessList accessList() {
        return new AccessList(
                List.of(
                        new ConsumerRow("pharmacy", "somebody", Badge.BLOCKED, "reader", 1, 1_234, null),
                        new ConsumerRow("silent", "somebody", Badge.ACTIVE, "reader", 1, 0, null)),
                List.of(new RequestRow("q1", "hospital", "me@example.org", "to <read>", NOON, "waiting")),
                List.of(new NamedRow("pharmacies", 2, List.of("reader"), false)),
                List.of(new NamedRow("reader", 1, List.of("READ on *"), true)),
                List.of(new NamedRow("ada", 3, List.of("administrator"), false)));
    }

    static HomeState homeState() {
        return HomeState.up(List.of(
                new TypeState("Device", 12, true, NOON, true),
                new TypeState("Organization", 1_234, true, NOON, false),
                new TypeState("PractitionerRole", 0, true, null, false),
                new TypeState("ValueSet", 3, false, null, false)));
    }

    static Object home(View view) {
        return new HomeView(
                view,
                homeState(),
                "http://localhost/fhir",
                List.of(
                        new Example("Practitioner?family=dupont&_count=5", "try.family"),
                        new Example("metadata", "try.metadata")),
                true);
    }

    private static Object parameters(View view) {
        ParameterExamples examples = new ParameterExamples(TestServer.REGISTRY.types());
        return new ParametersPage(
                view,
                "Practitioner",
                Stream.of("family", "number-smartcard", "qualification-code")
                        .map(code -> Objects.requireNonNull(TestServer.REGISTRY.find("Practitioner", code)))
                        .map(each -> ParameterRow.of(view.language(), each, examples))
                        .toList());
    }

    private static Object people(View view) {
        PersonRow person = new PersonRow(
                SOMEBODY.toString(),
                "Dr Ada <Martin>",
                true,
                List.of("Médecin"),
                List.of("Cardiologie"),
                "10101201234",
                true,
                List.of("ada@medecin.mssante.fr"),
                List.of(new PersonRow.PlaceRow(
                        "Hôpital", false, List.of(), List.of("1 rue X"), List.of("0102030405"), List.of())));
        List<QueryParameter> asked = List.of(new QueryParameter("family", "martin"));
        return new PeoplePage(
                view,
                new PeopleQuestion(Map.of("q", "martin")),
                new PeopleFound(
                        List.of(person),
                        1L,
                        12,
                        asked,
                        List.of(new PeopleFound.Other("?q=martin&as=2", asked)),
                        1,
                        List.of(),
                        "http://localhost/fhir/$directory-search?family=martin",
                        null,
                        "?q=martin&page=2",
                        null));
    }

    private static Object resource(View view) {
        BsonDocument fhir = BsonDocument.parse("""
                {"resourceType": "Practitioner", "id": "p1", "active": true, "name": [{"family": "Mar<tin", "given": ["Ada"]}],
                 "qualification": [{"code": {"text": "Médecin"}, "period": {"start": "2020-01-01"}}],
                 "extension": [{"url": "https://example.org/why", "valueString": "because"}]}
                """);
        return new ResourcePage(
                view,
                SOMEBODY,
                "",
                "Ada Martin",
                List.of(new Fact("res.id", "p1")),
                ReadableResource.of(fhir, ElementText.in(view), reference -> null),
                Stream.iterate(1, i -> i + 1)
                        .limit(14)
                        .map(i -> new ResourcePage.Referring("Type" + i, "practitioner", "/admin/resources/Type" + i))
                        .toList(),
                "{}");
    }

    private static Object settings(View view) {
        return new SettingsPage(view, shownSettings());
    }

    static List<ShownSetting> shownSettings() {
        Setting file = new Setting(
                "search.maximumCount", "500", "1000", Setting.Origin.FILE, "server.yaml:3", false, true, List.of());
        Setting here =
                new Setting("search.maximumCount", "200", "1000", Setting.Origin.CONSOLE, "", false, true, List.of());
        Setting secret =
                new Setting("database.uri", "", "", Setting.Origin.ENVIRONMENT, "MONGODB_URI", true, false, List.of());
        return List.of(
                new ShownSetting(
                        here, file, new Chosen("search.maximumCount", "200", "administrator/ada", NOON, 4), ""),
                new ShownSetting(secret, secret, null, ""));
    }

    static Definition synchronisation() {
        return Definition.of("annuaire", "Device");
    }

    private static SourceRow source() {
        return new SourceRow(
                "regional",
                "https://regional.example/r4",
                "5",
                false,
                Badge.GOOD,
                List.of(),
                List.of(),
                List.of(),
                NOON,
                false,
                null);
    }

    private static SourceDefinition definition() {
        return new SourceDefinition(
                "regional",
                URI.create("https://regional.example/r4"),
                "X-Key",
                "regional",
                5,
                Duration.ofSeconds(30),
                200,
                "",
                Duration.ofMinutes(10),
                "",
                "console");
    }

    private static Object type(View view) {
        return new TypePage(
                view,
                200,
                Map.of(),
                "Practitioner",
                ListTypes.label(view, "Practitioner"),
                List.of(new TypePage.Choice("family", "Nom <de famille>")),
                "family=martin",
                "http://localhost/fhir/Practitioner?family=martin",
                null,
                new TypePage.Results(
                        List.of(new ResourceSummary(SOMEBODY, "Ada", List.of("101"), "Lyon", "active", "hier", false)),
                        List.of(),
                        "1",
                        "3",
                        null,
                        "/admin/resources/Practitioner?page=2"));
    }

    private static Object types(View view) {
        return new TypesPage(view, typeList());
    }

    static TypeList typeList() {
        return new TypeList(List.of(
                new TypeList.Row(
                        "Device", new Measured(12L, new StoredSize(1_000, 2_000_000, 300_000_000)), NOON, NOON),
                new TypeList.Row("Basic", new Measured(null, null), null, null)));
    }

    private static Object versions(View view) {
        return new VersionsPage(
                view,
                SOMEBODY,
                List.of(new VersionsPage.VersionRow(
                        "2",
                        "hier",
                        DONE,
                        "/admin/resources/Practitioner/p1/history/2",
                        null,
                        List.of(new VersionsPage.DifferenceRow(DONE, "name[0].family", "Du<pont", "Martin")),
                        true)),
                "/admin/resources/Practitioner/p1/history?page=2");
    }

    static Stream<Arguments> all() {
        return pages().keySet().stream()
                .flatMap(name -> Stream.of(Language.values()).map(language -> Arguments.of(name, language)));
    }

    @ParameterizedTest
    @MethodSource("all")
    void page_ofFixedData_isWritten(String template, Language language) {
        Object page = Objects.requireNonNull(pages().get(template)).apply(FragmentsTest.view(language));

        String html = Pages.html(template, page);
        assertThat(Pattern.compile("<thead>.*<td.*</thead>").matcher(html).find())
                .as("a column without a name")
                .isFalse();

        GeneratedFile.at("server/src/test/resources/miroir/server/console/pages/" + template + "-" + language.code()
                        + ".html")
                .assertIs(html.substring(html.indexOf("<main"), html.indexOf("</main>")) + "</main>\n");
    }

    /** A page that is added is added here as well. */
    @Test
    void pages_areAllThatHaveALayout() throws IOException {
        Path folder = Path.of(System.getProperty("miroir.root"), "server/src/main/jte");
        try (Stream<Path> files = Files.list(folder)) {
            Set<String> withLayout = new TreeSet<>();
            for (Path file : files.toList()) {
                if (Files.readString(file).contains("@template.layout(")) {
                    withLayout.add(file.getFileName().toString().replace(".jte", ""));
                }
            }
            // Of these the main part is one of the fragments.
            withLayout.removeAll(Set.of("load", "sources", "synchronisations"));
            assertThat(pages().keySet()).isEqualTo(withLayout);
        }
    }
}
