package miroir.server.directory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import miroir.index.generated.GeneratedFile;
import miroir.index.search.QueryParameter;
import miroir.server.Http;
import miroir.server.TestServer;
import miroir.simulator.Directory;
import miroir.simulator.Kind;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code $directory-search} over a made-up directory: two hundred questions of which it is known who is asked for, and what pages and refusals promise. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(MongoExtension.class)
final class DirectorySearchIT {
    private static final long SEED = 20_261_128L;
    private static final int PRACTITIONERS = 2_000;
    private static final int RANKED = 100;
    private static final double RIGHT = 0.95;
    private static final int AMONG = 3;
    private static final String LIST = "server/src/test/resources/miroir/server/directory/questions.tsv";
    private static final Directory DIRECTORY = new Directory(SEED, PRACTITIONERS);

    private TestServer server;

    @BeforeAll
    void load(TestDatabase database) throws Exception {
        Map<Kind, Stream<RawBsonDocument>> copied = new EnumMap<>(Kind.class);
        for (Kind kind : List.of(Kind.PRACTITIONER, Kind.PRACTITIONER_ROLE, Kind.ORGANIZATION)) {
            copied.put(kind, DIRECTORY.resources(kind));
        }
        server = CopiedDirectory.start("search: {maximumRanked: " + RANKED + "}\n", database, copied);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    // --- who comes first

    @Test
    void list_isAsItWasMade() {
        GeneratedFile.at(LIST).assertIs(new MadeQuestions(DIRECTORY, SEED).list());
    }

    @Test
    void listed_areAmongTheFirst() throws Exception {
        List<String> wrong = new ArrayList<>();
        Map<String, Integer> places = new TreeMap<>();
        int asked = 0;
        for (String line : Files.readAllLines(Path.of(System.getProperty("miroir.root"), LIST), UTF_8)) {
            if (line.startsWith("#")) {
                continue;
            }
            String[] parts = line.split("\t", -1);
            List<String> found = matches(search(encoded(parts[1]) + "&_count=" + AMONG)).stream()
                    .map(DirectorySearchIT::rpps)
                    .toList();
            int place = found.indexOf(parts[2]) + 1;
            places.merge("place " + place, 1, Integer::sum);
            if (place == 0) {
                wrong.add(line + " : " + found);
            }
            asked++;
        }
        assertThat(asked).isGreaterThanOrEqualTo(200);
        assertThat(wrong).as("%s of %d", places, asked).hasSizeLessThanOrEqualTo((int) ((1 - RIGHT) * asked));
    }

    @Test
    void order_isThatOfTheScores() throws Exception {
        BsonDocument page = search("name=martin&fuzzy=true&_count=50");
        List<Double> scores = scores(page);
        assertThat(scores).isNotEmpty().allMatch(score -> score >= 0 && score <= 1);
        assertThat(scores).isSortedAccordingTo((one, other) -> Double.compare(other, one));
    }

    // --- what is on a page

    @Test
    void page_hasTheRolesAndPlacesOfItsPeople() throws Exception {
        BsonDocument page = search("name=martin&_count=10");
        Set<String> people = new HashSet<>();
        entries(page, "match").forEach(entry -> people.add("Practitioner/" + id(entry)));
        Set<String> expectedRoles = new HashSet<>();
        Set<String> expectedPlaces = new HashSet<>();
        DIRECTORY.resources(Kind.PRACTITIONER_ROLE).forEach(role -> {
            if (role.getBoolean("active").getValue() && people.contains(reference(role, "practitioner"))) {
                expectedRoles.add("PractitionerRole/" + role.getString("id").getValue());
                if (role.containsKey("organization")) {
                    expectedPlaces.add(reference(role, "organization"));
                }
            }
        });
        Set<String> known = new HashSet<>();
        DIRECTORY
                .resources(Kind.ORGANIZATION)
                .forEach(
                        each -> known.add("Organization/" + each.getString("id").getValue()));
        expectedPlaces.retainAll(known);
        expectedRoles.addAll(expectedPlaces);
        assertThat(expectedRoles).isNotEmpty();
        assertThat(entries(page, "include").stream().map(DirectorySearchIT::key))
                .containsExactlyInAnyOrderElementsOf(expectedRoles);
    }

    @ParameterizedTest
    @CsvSource({
        "name=martin",
        "name=marie&fuzzy=true",
        "profession=60",
        "city=paris",
        "family=martin&given=marie",
        "name=ma"
    })
    void pages_haveEverybodyOnce_forwardAndBackward(String query) throws Exception {
        List<List<String>> forward = new ArrayList<>();
        BsonDocument page = search(query + "&_count=7");
        String last = "";
        while (true) {
            forward.add(ids(page));
            String next = link(page, "next");
            if (next.isEmpty()) {
                break;
            }
            last = next;
            page = follow(next);
        }
        List<String> all = forward.stream().flatMap(List::stream).toList();
        assertThat(all).doesNotHaveDuplicates();
        if (page.containsKey("total")) {
            assertThat(page.getNumber("total").intValue()).isEqualTo(all.size());
        } else {
            assertThat(all).hasSizeGreaterThan(RANKED);
        }
        List<List<String>> backward = new ArrayList<>();
        page = last.isEmpty() ? page : follow(last);
        while (true) {
            backward.add(0, ids(page));
            String previous = link(page, "previous");
            if (previous.isEmpty()) {
                break;
            }
            page = follow(previous);
        }
        assertThat(backward).isEqualTo(forward);
    }

    @Test
    void wideQuestion_isAnsweredWholly_andSaysThatItIsWide() throws Exception {
        Set<String> nurses = new HashSet<>();
        DIRECTORY
                .resources(Kind.PRACTITIONER)
                .filter(each -> each.getBoolean("active").getValue()
                        && each.toJson().contains("G15-ProfessionSante\", \"code\": \"60\""))
                .forEach(each -> nurses.add(each.getString("id").getValue()));
        BsonDocument page = search("profession=60&_count=1000");
        List<String> found = new ArrayList<>(ids(page));
        assertThat(page.containsKey("total")).isFalse();
        assertThat(entries(page, "outcome").get(0).toString()).contains("too wide to be ranked as a whole");
        for (String next = link(page, "next"); !next.isEmpty(); next = link(page, "next")) {
            page = follow(next);
            found.addAll(ids(page));
        }
        assertThat(nurses).hasSizeGreaterThan(RANKED);
        assertThat(found).containsExactlyInAnyOrderElementsOf(nurses);
    }

    @Test
    void place_byTwoRoles_comesAfterThatByOne() throws Exception {
        put("Organization/z-brest", "\"name\":\"CLINIQUE ZETT\",\"address\":[{\"city\":\"BREST\"}]");
        put("Organization/z-lyon", "\"name\":\"CLINIQUE ZETT\",\"address\":[{\"city\":\"LYON\"}]");
        put("Organization/other-brest", "\"name\":\"CABINET\",\"address\":[{\"city\":\"BREST\"}]");
        put("Practitioner/a-two", named("AZETT", "Deux"));
        put("Practitioner/z-one", named("ZETT", "Un"));
        put("Practitioner/z-none", named("ZETT", "Zéro"));
        put("PractitionerRole/z1", role("z-one", "z-brest"));
        put("PractitionerRole/z2", role("a-two", "z-lyon"));
        put("PractitionerRole/z3", role("a-two", "other-brest"));
        put("PractitionerRole/z4", role("z-none", "z-lyon"));

        BsonDocument page = search("organization=zett&city=brest");
        assertThat(ids(page)).containsExactly("z-one", "a-two");
        assertThat(scores(page)).containsExactly(1.0, 0.94);
        assertThat(page.getNumber("total").intValue()).isEqualTo(2);
        assertThat(ids(search("organization=zett&city=brset&fuzzy=true"))).containsExactly("z-one");
    }

    @Test
    void town_thatOnlyBeginsSo_comesAfterTheOneThatIsCalledSo() throws Exception {
        put("Organization/y-long", "\"name\":\"CABINET\",\"address\":[{\"city\":\"QUARZAC LE HAUT\"}]");
        put("Organization/y-short", "\"name\":\"CABINET\",\"address\":[{\"city\":\"Quarzac\"}]");
        put("Practitioner/a-long", named("AAYMARD", "Anne"));
        put("Practitioner/z-short", named("ZAYMARD", "Zoé"));
        put("PractitionerRole/y1", role("a-long", "y-long"));
        put("PractitionerRole/y2", role("z-short", "y-short"));

        BsonDocument page = search("city=quarzac");
        assertThat(ids(page)).containsExactly("z-short", "a-long");
        assertThat(scores(page)).containsExactly(1.0, 0.97);
    }

    @Test
    void pages_areAsAtTheFirst() throws Exception {
        for (String each : List.of("q1", "q2", "q3")) {
            put("Practitioner/" + each, named("QUARTZ", each));
        }
        BsonDocument first = search("family=quartz&_count=1");
        put("Practitioner/q2", named("RENAMED", "q2"));
        put("Practitioner/q0", named("QUARTZ", "q0"));

        BsonDocument second = follow(link(first, "next"));
        BsonDocument third = follow(link(second, "next"));
        assertThat(List.of(ids(first), ids(second), ids(third)))
                .containsExactly(List.of("q1"), List.of("q2"), List.of("q3"));
        assertThat(third.getNumber("total").intValue()).isEqualTo(3);
        assertThat(link(third, "next")).isEmpty();
        assertThat(ids(search("family=quartz"))).containsExactly("q0", "q1", "q3");
    }

    private void put(String reference, String content) throws Exception {
        HttpResponse<String> stored = Http.write(
                "PUT",
                URI.create(server.base() + "/" + reference),
                "{\"resourceType\":\"" + reference.replace("/", "\",\"id\":\"") + "\"," + content + "}");
        assertThat(stored.statusCode()).as(stored.body()).isIn(200, 201);
    }

    private static String named(String family, String given) {
        return "\"name\":[{\"family\":\"" + family + "\",\"given\":[\"" + given + "\"]}]";
    }

    private static String role(String practitioner, String organization) {
        return "\"practitioner\":{\"reference\":\"Practitioner/" + practitioner
                + "\"},\"organization\":{\"reference\":\"Organization/" + organization + "\"}";
    }

    @Test
    void activity_isAsAsked() throws Exception {
        assertThat(search("identifier=" + someInactive()).getArray("entry", new BsonArray()))
                .isEmpty();
        assertThat(search("active=any&identifier=" + someInactive()).getArray("entry"))
                .isNotEmpty();
        assertThat(search("active=false&identifier=" + someInactive()).getArray("entry"))
                .isNotEmpty();
        assertThat(search("active=true&identifier=" + someInactive()).getArray("entry", new BsonArray()))
                .isEmpty();
    }

    private static String someInactive() {
        RawBsonDocument inactive = DIRECTORY
                .resources(Kind.PRACTITIONER)
                .filter(each -> !each.getBoolean("active").getValue())
                .findFirst()
                .orElseThrow();
        return rpps(inactive);
    }

    // --- how it is asked

    @Test
    void forms_andParameters_areAnsweredLikeUrls() throws Exception {
        List<String> expected = ids(search("family=martin&fuzzy=true&_count=5"));
        assertThat(expected).hasSize(5);
        HttpResponse<String> form = Http.send(
                "POST",
                URI.create(server.base() + "/$directory-search"),
                "family=martin&fuzzy=true&_count=5".getBytes(UTF_8),
                "Content-Type",
                "application/x-www-form-urlencoded");
        HttpResponse<String> parameters = Http.send(
                "POST",
                URI.create(server.base() + "/$directory-search"),
                ("{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"family\",\"valueString\":\"martin\"},"
                                + "{\"name\":\"fuzzy\",\"valueBoolean\":true},{\"name\":\"_count\",\"valueInteger\":5}]}")
                        .getBytes(UTF_8),
                "Content-Type",
                "application/fhir+json");
        assertThat(form.statusCode()).as(form.body()).isEqualTo(200);
        assertThat(parameters.statusCode()).as(parameters.body()).isEqualTo(200);
        assertThat(ids(BsonDocument.parse(form.body()))).isEqualTo(expected);
        assertThat(ids(BsonDocument.parse(parameters.body()))).isEqualTo(expected);
        assertThat(ids(follow(link(BsonDocument.parse(parameters.body()), "next"))))
                .hasSize(5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "nme=martin; did you mean \"name\"?",
                "active=true; nobody in particular is asked for",
                "name=; is empty",
                "name=a&name=b; given twice",
                "name=martin&fuzzy=yes; allowed are true, false",
                "name=martin&active=yes; allowed are true, false, any",
                "name=a%20b%20c%20d%20e%20f%20g%20h%20i; allowed are at most 8",
                "name=martin&_count=0; _count=0",
                "name=martin&_count=x; _count",
                "name=..; a name has a letter at least",
                "name=martin&_page=abc; _page stands alone",
                "_page=abc; follow links as they were given",
            })
    void mistakes_areRefusedByName(String query, String said) throws Exception {
        HttpResponse<String> answer = Http.send("GET", URI.create(server.base() + "/$directory-search?" + query));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(BsonDocument.parse(answer.body()).toString()).contains(said.replace("\"", "\\\""));
    }

    @Test
    void xml_hasScores() throws Exception {
        HttpResponse<String> answer =
                Http.send("GET", URI.create(server.base() + "/$directory-search?name=martin&_count=1&_format=xml"));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("<mode value=\"match\"/><score value=\"1.000\"/>");
    }

    // --- how it is read

    private BsonDocument search(String query) throws Exception {
        return follow(server.base() + "/$directory-search?" + query);
    }

    private static BsonDocument follow(String url) throws Exception {
        HttpResponse<String> answer = Http.send("GET", URI.create(url));
        assertThat(answer.statusCode()).as("%s: %s", url, answer.body()).isEqualTo(200);
        return BsonDocument.parse(answer.body());
    }

    private static String encoded(String query) {
        List<QueryParameter> parameters = new ArrayList<>();
        for (String each : query.split("&", -1)) {
            int equals = each.indexOf('=');
            parameters.add(new QueryParameter(each.substring(0, equals), each.substring(equals + 1)));
        }
        return QueryParameter.encode(parameters);
    }

    private static List<BsonDocument> entries(BsonDocument page, String mode) {
        return page.getArray("entry", new BsonArray()).stream()
                .map(BsonValue::asDocument)
                .filter(entry ->
                        entry.getDocument("search").getString("mode").getValue().equals(mode))
                .toList();
    }

    private static List<BsonDocument> matches(BsonDocument page) {
        return entries(page, "match").stream()
                .map(entry -> entry.getDocument("resource"))
                .toList();
    }

    private static List<String> ids(BsonDocument page) {
        return entries(page, "match").stream().map(DirectorySearchIT::id).toList();
    }

    private static List<Double> scores(BsonDocument page) {
        return entries(page, "match").stream()
                .map(entry -> entry.getDocument("search").getNumber("score").doubleValue())
                .toList();
    }

    private static String id(BsonDocument entry) {
        return entry.getDocument("resource").getString("id").getValue();
    }

    private static String key(BsonDocument entry) {
        return entry.getDocument("resource").getString("resourceType").getValue() + "/" + id(entry);
    }

    private static String rpps(BsonDocument practitioner) {
        return practitioner
                .getArray("identifier")
                .get(1)
                .asDocument()
                .getString("value")
                .getValue();
    }

    private static String reference(BsonDocument role, String element) {
        return role.getDocument(element).getString("reference").getValue();
    }

    private static String link(BsonDocument page, String relation) {
        return page.getArray("link").stream()
                .map(BsonValue::asDocument)
                .filter(link -> link.getString("relation").getValue().equals(relation))
                .map(link -> link.getString("url").getValue())
                .findFirst()
                .orElse("");
    }
}
