package miroir.server.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.index.SearchParameterRegistry;
import miroir.index.json.BundleLimits;
import miroir.index.json.ExampleResources;
import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.json.ResourceWriter;
import miroir.index.json.Utf8Buffer;
import miroir.index.patch.FhirPathPatch;
import miroir.index.patch.JsonPatch;
import miroir.index.patch.Patch;
import miroir.index.registry.CheckStored;
import miroir.index.registry.RegistryLoader;
import miroir.index.search.DirectoryDialect;
import miroir.index.search.Handling;
import miroir.index.search.QueryParameter;
import miroir.index.search.SearchParser;
import miroir.index.search.SearchRequest;
import miroir.index.store.Deadline;
import miroir.index.store.PagePosition;
import miroir.index.structure.Structures;
import miroir.index.view.CompiledView;
import miroir.index.view.ReadView;
import miroir.index.xml.ReadBundle;
import miroir.index.xml.ResourceXmlReader;
import miroir.index.xml.ResourceXmlWriter;
import miroir.index.yaml.ConfigurationRefused;
import miroir.index.yaml.YamlNode;
import miroir.server.access.AdministratorRole;
import miroir.server.access.Bearer;
import miroir.server.access.Permission;
import miroir.server.access.Right;
import miroir.server.bundle.SentBundle;
import miroir.server.format.ContentType;
import miroir.server.format.PatchFormat;
import miroir.server.oidc.SignedClaims;
import miroir.server.paging.PageOwner;
import miroir.server.paging.PageToken;
import miroir.server.paging.PageTokens;
import miroir.server.proxy.ForwardedHeader;
import miroir.server.proxy.Network;
import miroir.server.proxy.Reached;
import miroir.server.proxy.SaidOfARequest;
import miroir.server.proxy.TrustedProxies;
import org.bson.RawBsonDocument;

/** What reads resources, patches, searches, links to pages, tokens of issuers, permissions, what gateways say, and definitions of search parameters. */
final class Readers {
    private static final int LARGEST_SAMPLE = 6_000;
    private static final int EVERY = 12;
    private static final ReadLimits LIMITS = new ReadLimits(1 << 20, 90);
    private static final ResourceReader JSON = new ResourceReader(Structures.r4(), LIMITS);
    private static final ResourceXmlReader XML = new ResourceXmlReader(Structures.r4(), LIMITS);
    private static final BundleLimits BUNDLE = BundleLimits.of(100, 1 << 20);
    private static final SearchParameterRegistry REGISTRY =
            RegistryLoader.load(Structures.r4().resourceTypes(), List.of());
    private static final SearchParser SEARCH =
            new SearchParser(REGISTRY, ZoneOffset.UTC, Set.of("http://localhost/fhir"));
    private static final RawBsonDocument PATCHED =
            JSON.read(bytes("{\"resourceType\":\"Patient\",\"id\":\"a\",\"active\":true,"
                    + "\"name\":[{\"use\":\"official\",\"family\":\"Œuvre\",\"given\":[\"Anne\",\"Zoé\"],"
                    + "\"_given\":[null,{\"extension\":[{\"url\":\"http://a\",\"valueCode\":\"b\"}]}]},{\"text\":\"x\"}],"
                    + "\"birthDate\":\"1970-01-01\",\"contact\":[{\"name\":{\"family\":\"B\"}}]}"));

    private static final Instant BEGUN = Instant.parse("2026-11-28T12:00:00Z");
    private static final PageOwner OWNER = new PageOwner("miroir", "consumer/a", "http://localhost/fhir");
    private static final PageTokens TOKENS =
            new PageTokens(() -> new byte[32], Duration.ofDays(1), InstantSource.fixed(BEGUN));
    private static final PageToken TOKEN = new PageToken(
            "Practitioner",
            "http://localhost/fhir",
            List.of(new QueryParameter("family", "dup")),
            new PagePosition(List.of(), 7),
            false,
            null,
            BEGUN,
            BEGUN,
            7);

    private static final String GOOD_NAME = "oidc/test/pharmacy";
    private static final SignedClaims ISSUER = new SignedClaims();
    private static final TrustedProxies PROXIES =
            new TrustedProxies(List.of(Network.of("10.0.0.0/8")), List.of(ForwardedHeader.values()), "http");

    private Readers() {}

    static List<Reader> all() {
        List<byte[]> resources = resources();
        return List.of(
                new Reader("json", resources, Readers::json),
                new Reader("xml", resources.stream().map(Readers::xmlOf).toList(), Readers::xml),
                new Reader(
                        "json-patch",
                        texts(
                                "[{\"op\":\"add\",\"path\":\"/name/0/given/-\",\"value\":\"Luc\"},{\"op\":\"test\",\"path\":\"/active\",\"value\":true}]",
                                "[{\"op\":\"move\",\"from\":\"/name/1\",\"path\":\"/name/0\"},{\"op\":\"copy\",\"from\":\"/name/0\",\"path\":\"/contact/0/name\"}]",
                                "[{\"op\":\"replace\",\"path\":\"/birthDate\",\"value\":\"1971\"},{\"op\":\"remove\",\"path\":\"/contact\"}]"),
                        Readers::jsonPatch),
                new Reader(
                        "fhirpath-patch",
                        texts(
                                operation(
                                        "add",
                                        "Patient.name[0]",
                                        "\"name\",\"valueString\":\"given\"",
                                        "\"valueString\":\"Luc\""),
                                operation(
                                        "replace",
                                        "Patient.birthDate",
                                        "\"name\",\"valueString\":\"x\"",
                                        "\"valueDate\":\"1971\""),
                                operation(
                                        "delete",
                                        "Patient.name.where(use='official').given[1]",
                                        "\"index\",\"valueInteger\":0",
                                        "\"valueCode\":\"a\""),
                                operation(
                                        "insert",
                                        "Patient.name",
                                        "\"index\",\"valueInteger\":1",
                                        "\"valueHumanName\":{\"family\":\"C\"}")),
                        Readers::fhirPathPatch),
                new Reader("bundle", bundles(), Readers::bundle),
                new Reader("bundle-in-xml", bundlesInXml(), Readers::bundleInXml),
                new Reader("search", searches(), Readers::search),
                new Reader("page-token", List.of(bytes(TOKENS.seal(TOKEN, OWNER))), Readers::pageToken),
                new Reader(
                        "permission",
                        texts(
                                "READ, SEARCH on *",
                                "CREATE, UPDATE on Organization?address-postalcode=75001,75002",
                                "history on Practitioner?name=a&active=true"),
                        Readers::permission),
                new Reader("jwt", List.of(bytes(ISSUER.signed(bytes(SignedClaims.GOOD)))), Readers::jwt),
                new Reader("jwt-claims", List.of(bytes(SignedClaims.GOOD)), Readers::claims),
                new Reader(
                        "smart-scopes",
                        texts(
                                "system/Organization.rs?address-postalcode=75001 system/*.read",
                                "user/Practitioner.cruds launch/patient openid patient/*.write"),
                        Readers::scopes),
                new Reader(
                        "forwarded",
                        texts(
                                "for=198.51.100.1;proto=https;host=a.example, for=\"[2001:db8::7]:4711\";by=_gateway",
                                "For=unknown;PROTO=https, for=203.0.113.9;ext=\"x,\\\"y;z\""),
                        Readers::forwarded),
                new Reader(
                        "forwarded-for",
                        texts("198.51.100.1, 203.0.113.9:4711, [2001:db8::7]", "10.0.0.2,fe80::1%eth0"),
                        Readers::forwardedFor),
                new Reader("directory-search", searches(), Readers::directorySearch),
                new Reader("view", views(), Readers::view),
                new Reader(
                        "media-type",
                        texts(
                                "application/fhir+json;charset=utf-8", "application/json-patch+json",
                                "application/fhir+xml; fhirVersion=4.0", "text/plain; a=\"b\\\"c\""),
                        Readers::mediaType),
                new Reader(
                        "search-parameter",
                        texts(
                                parameter(
                                        "string",
                                        "Patient.name.where(use = 'official').family | Patient.contact.name.family"),
                                parameter("token", "Patient.identifier.where(system = 'http://a').value"),
                                parameter("date", "(Patient.deceased as dateTime) | Patient.birthDate"),
                                parameter("reference", "Patient.link.other.where(resolve() is Patient)"),
                                parameter("quantity", "Patient.extension('http://a').value.ofType(Quantity)")),
                        Readers::searchParameter));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<byte[]> texts(String... texts) {
        return Stream.of(texts).map(Readers::bytes).toList();
    }

    private static String text(byte[] input) {
        return new String(input, StandardCharsets.UTF_8);
    }

    /** Some of every kind. */
    private static List<byte[]> resources() {
        List<byte[]> all = new ArrayList<>();
        ExampleResources.forEach(LARGEST_SAMPLE, (name, json) -> all.add(json));
        List<byte[]> some = new ArrayList<>();
        for (int i = 0; i < all.size(); i += EVERY) {
            some.add(all.get(i));
        }
        ExampleResources.forEachOfDirectory((name, json) -> some.add(json));
        return some.stream()
                .filter(each -> each.length <= LARGEST_SAMPLE)
                .filter(Readers::isTaken)
                .toList();
    }

    private static boolean isTaken(byte[] json) {
        try {
            JSON.read(json);
            return true;
        } catch (Refusal refused) {
            return false;
        }
    }

    private static String operation(String type, String path, String extra, String value) {
        return "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"operation\",\"part\":["
                + "{\"name\":\"type\",\"valueCode\":\"" + type + "\"},{\"name\":\"path\",\"valueString\":\"" + path
                + "\"},"
                + "{\"name\":" + extra + "},{\"name\":\"value\"," + value + "}]}]}";
    }

    private static String parameter(String type, String expression) {
        return "{\"resourceType\":\"SearchParameter\",\"id\":\"a\",\"url\":\"http://a/b\",\"name\":\"handle\",\"status\":\"active\","
                + "\"description\":\"x\",\"code\":\"handle\",\"base\":[\"Patient\"],\"type\":\"" + type
                + "\",\"expression\":\""
                + expression + "\"}";
    }

    private static List<byte[]> searches() {
        return texts(
                "Patient?family:exact=Du%20pont&given:contains=an,%C3%A9&_sort=-birthdate,family&_count=20",
                "Observation?code-value-quantity=http%3A%2F%2Floinc.org%7C8480-6%24gt5.40%7Chttp%3A%2F%2Funitsofmeasure.org%7Cmm",
                "Observation?date=ge2024-01-01T10:00:00%2B02:00&date=lt2025&value-quantity=ap5.4e1%7C%7Cmg&status:not=final",
                "Patient?_has:Observation:subject:_has:AuditEvent:entity:agent=Practitioner/1&organization.partof.name=x",
                "Observation?subject:Patient.identifier=urn:oid:1.2%7C3&_include=Observation:subject:Patient&_include:iterate=*",
                "Encounter?length=gt5&_id=a,b&_lastUpdated=ne2024&_revinclude=Observation:encounter&_summary=count",
                "ValueSet?url:below=http://hl7.org/fhir&version:missing=true&_elements=url,version&_total=accurate",
                "Patient?identifier:of-type=http://a%7CMR%7C446053&gender:in=http://b&name=a%5C,b%5C%7Cc%5C$d%5C%5C");
    }

    private static void json(byte[] input) {
        RawBsonDocument read = JSON.read(input);
        Utf8Buffer written = new Utf8Buffer(input.length + 1);
        ResourceWriter.write(read, written, false);
        assertThat(JSON.read(written.toByteArray())).isEqualTo(read);
    }

    private static void xml(byte[] input) {
        RawBsonDocument read = XML.read(input);
        assertThat(XML.read(xmlOf(read))).isEqualTo(read);
    }

    private static byte[] xmlOf(byte[] json) {
        return xmlOf(JSON.read(json));
    }

    private static byte[] xmlOf(RawBsonDocument resource) {
        Utf8Buffer xml = new Utf8Buffer(4096);
        ResourceXmlWriter.write(resource, xml, false);
        return xml.toByteArray();
    }

    private static List<byte[]> bundles() {
        return texts(
                "{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":[{\"fullUrl\":\"urn:uuid:05efabf0-4be2-4561-91ce-51548425acb9\","
                        + "\"resource\":{\"resourceType\":\"Patient\",\"active\":true,\"name\":[{\"family\":\"a\"}]},"
                        + "\"request\":{\"method\":\"POST\",\"url\":\"Patient\",\"ifNoneExist\":\"identifier=a\"}},"
                        + "{\"request\":{\"method\":\"GET\",\"url\":\"Patient?name=a\",\"ifModifiedSince\":\"2026-11-28T00:00:00Z\"}}]}");
    }

    private static List<byte[]> bundlesInXml() {
        return texts(
                "<Bundle xmlns=\"http://hl7.org/fhir\"><type value=\"transaction\"/><entry><resource><Patient><text><status value=\"generated\"/>"
                        + "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>a</p></div></text><active value=\"true\"/></Patient></resource>"
                        + "<request><method value=\"PUT\"/><url value=\"Patient/1\"/></request></entry><entry><resource><Nonsense><a/></Nonsense>"
                        + "</resource><request><method value=\"POST\"/><url value=\"Nonsense\"/></request></entry></Bundle>");
    }

    private static void bundle(byte[] input) {
        sent(new ReadBundle(JSON.readBundle(input, BUNDLE), Map.of()));
    }

    private static void bundleInXml(byte[] input) {
        sent(XML.readBundle(input, BUNDLE));
    }

    /** Every fault is one of an entry that there is. */
    private static void sent(ReadBundle read) {
        JSON.check(SentBundle.withoutResources(read.bundle()));
        SentBundle sent = SentBundle.read(read, 100);
        assertThat(sent.entries().stream().filter(entry -> entry.fault() != null))
                .hasSize(read.faults().size());
    }

    private static void jsonPatch(byte[] input) {
        apply(JsonPatch.of(JSON.readOperations(input)));
    }

    private static void fhirPathPatch(byte[] input) {
        apply(FhirPathPatch.of(JSON.read(input)));
    }

    /** What comes of a patch is read like everything that is sent. */
    private static void apply(Patch patch) {
        Utf8Buffer written = new Utf8Buffer(4096);
        ResourceWriter.write(patch.applyTo(PATCHED, Deadline.in(Duration.ofMinutes(1))), written, false);
        JSON.read(written.toByteArray());
    }

    /** Where strictness takes it, leniency does. */
    private static void search(byte[] input) {
        String text = text(input);
        int mark = text.indexOf('?');
        String type =
                mark > 0 && REGISTRY.types().contains(text.substring(0, mark)) ? text.substring(0, mark) : "Patient";
        List<QueryParameter> query = QueryParameter.decode(text.substring(mark + 1));
        query.forEach(QueryParameter::check);
        Instant now = Instant.EPOCH;
        SEARCH.parse(type, query, Handling.LENIENT, now);
        SearchRequest strict = SEARCH.parse(type, query, Handling.STRICT, now);
        assertThat(QueryParameter.decode(QueryParameter.encode(strict.applied())))
                .isEqualTo(strict.applied());
    }

    /** One that opens is the one that was made. */
    private static void pageToken(byte[] input) {
        assertThat(TOKENS.open(text(input), OWNER)).isEqualTo(TOKEN);
    }

    private static void permission(byte[] input) {
        Permission read = Permission.of(text(input));
        assertThat(Permission.of(read.toString())).isEqualTo(read);
    }

    private static void jwt(byte[] input) {
        assertThat(ISSUER.find(text(input)).name()).isEqualTo(GOOD_NAME);
    }

    /** Its signature is right. */
    private static void claims(byte[] input) {
        Bearer bearer = ISSUER.find(ISSUER.signed(input));
        assertThat(bearer.name()).startsWith("oidc/test/");
        assertThat(bearer.role()).isEqualTo(AdministratorRole.NOBODY);
    }

    /** No scope allows to administer or to remove for ever, and each permission reads like one that an administrator wrote. */
    private static void scopes(byte[] input) {
        List<Permission> permissions = SignedClaims.permissions(text(input));
        if (permissions.isEmpty()) {
            throw new Refusal(Refusal.Reason.RIGHT_MISSING, "these scopes allow nothing here");
        }
        permissions.forEach(permission -> {
            assertThat(Permission.of(permission.toString())).isEqualTo(permission);
            assertThat(permission.rights()).doesNotContain(Right.ERASE);
        });
    }

    private static void forwarded(byte[] input) {
        reached("Forwarded", input);
    }

    private static void forwardedFor(byte[] input) {
        reached("X-Forwarded-For", input);
    }

    /** Whoever it was, it is not a gateway that is trusted, unless all are. */
    private static void reached(String header, byte[] input) {
        Reached reached = PROXIES.of(SaidOfARequest.from("10.0.0.1", header, text(input)));
        assertThat(reached.client()).isNotEmpty();
        assertThat(reached.scheme()).isIn("http", "https");
    }

    private static void directorySearch(byte[] input) {
        String text = text(input);
        List<QueryParameter> query =
                DirectoryDialect.inR4(QueryParameter.decode(text.substring(text.indexOf('?') + 1)));
        assertThat(DirectoryDialect.inR4(DirectoryDialect.ofR4(query))).isEqualTo(query);
    }

    private static List<byte[]> views() {
        return texts("""
                {"resourceType":"ViewDefinition","resource":"Practitioner","constant":[{"name":"use","valueCode":"official"}],\
                "where":[{"path":"active = true and birthDate > @1960-01-31"}],"select":[{"column":[{"name":"id","path":"getResourceKey()"},\
                {"name":"n","path":"name.where(use = %use).given.join(', ') & 'x'"},{"name":"r","path":"%rowIndex + 1 / 2.5"}]},\
                {"forEachOrNull":"telecom[0]","unionAll":[{"column":[{"name":"v","path":"value"}]},{"column":[{"name":"v","path":"system","type":"string"}]}]}]}""", """
                {"resource":"Questionnaire","select":[{"repeat":["item","item.item"],"column":[{"name":"link","path":"linkId","collection":false},\
                {"name":"whole","path":"$this","tag":[{"name":"ansi/type","value":"JSON"}]},\
                {"name":"first","path":"initial.value.ofType(date).lowBoundary()"},{"name":"e","path":"extension('http://x').exists(url = 'a').not()"}]}]}""");
    }

    /** A view that is taken can be run. */
    private static void view(byte[] input) {
        try {
            CompiledView view = new ReadView(Set.of())
                    .read(YamlNode.parseJson("view", text(input)))
                    .compiled();
            view.rows(
                    RawBsonDocument.parse("{resourceType: '" + view.resourceType() + "', id: 'x', active: true,"
                            + " name: [{given: ['a', 'b']}], item: [{linkId: '1', item: [{linkId: '2'}]}]}"),
                    row -> true);
        } catch (ConfigurationRefused e) {
            throw new Refusal(Refusal.Reason.UNPROCESSABLE, String.valueOf(e.getMessage()));
        }
    }

    private static void mediaType(byte[] input) {
        if (!ContentType.isOne(text(input))) {
            throw new Refusal(Refusal.Reason.INVALID, "no media type");
        }
        PatchFormat.ofBody(text(input));
    }

    private static void searchParameter(byte[] input) {
        CheckStored.check(REGISTRY, JSON.read(input));
    }
}
