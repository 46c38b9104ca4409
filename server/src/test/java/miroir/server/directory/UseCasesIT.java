package miroir.server.directory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.server.Http;
import miroir.server.TestServer;
import miroir.simulator.Kind;
import miroir.simulator.life.World;
import miroir.simulator.query.ResultPage;
import miroir.simulator.query.Search;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Every request of the directory's documentation, asked of a copy of a made-up directory in the directory's dialect, against what the made-up directory
 * answers itself: by code of its own that goes through all resources.
 */
@ExtendWith(MongoExtension.class)
final class UseCasesIT {
    private static final String LIST = "server/src/test/resources/miroir/server/directory/use-cases.txt";
    private static final Pattern BRACES = Pattern.compile("\\{([a-z-]+)}");
    private static final long SEED = 20_261_129L;
    private static final int PRACTITIONERS = 300;
    private static final long NOW = Instant.parse("2026-11-20T12:00:00Z").toEpochMilli();

    /** What the made-up directory has nobody for: no answer is the right one there. */
    private static final Set<String> MAY_BE_EMPTY =
            Set.of("mailbox-mss:contains=apicrypt.org", "_lastUpdated=ge{after}", "active=false", "status=inactive");

    private static final Set<String> HOSPITALS = Set.of("SA01", "SA02", "SA03", "SA04", "SA30", "SA34", "SA36");
    private static final String UPDATED = "_lastUpdated=";

    private final World world = new World(SEED, PRACTITIONERS, 1, LocalDate.parse("2026-10-20"), Duration.ofHours(1));
    private final Search search = new Search(world, Duration.ofHours(1), Duration.ZERO);
    private final Map<String, String> values = new HashMap<>();

    @Test
    void requests_ofTheDocumentation_findWhatTheDirectoryFinds(TestDatabase database) throws Exception {
        List<String> wrong = new ArrayList<>();
        List<String> empty = new ArrayList<>();
        takeValues();
        try (TestServer server = start(database)) {
            for (String line : Files.readAllLines(Path.of(System.getProperty("miroir.root"), LIST), UTF_8)) {
                if (!line.startsWith("#")) {
                    String template = line.substring(line.indexOf('\t') + 1);
                    String request = filled(template);
                    Set<String> there = template.contains(UPDATED) ? copied(template) : there(request);
                    Set<String> here = here(server, request);
                    if (!here.equals(there)) {
                        wrong.add(request + "\n  there " + difference(there, here) + "\n  here "
                                + difference(here, there));
                    }
                    if (there.isEmpty() && MAY_BE_EMPTY.stream().noneMatch(template::contains)) {
                        empty.add(request);
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
        assertThat(empty).as("what asks for nothing shows nothing").isEmpty();
    }

    private static Set<String> difference(Set<String> of, Set<String> without) {
        Set<String> rest = new TreeSet<>(of);
        rest.removeAll(without);
        return rest.stream().limit(5).collect(Collectors.toCollection(TreeSet::new));
    }

    // --- the copy

    private TestServer start(TestDatabase database) throws Exception {
        Map<Kind, Stream<RawBsonDocument>> copied = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            copied.put(kind, world.resources(kind, NOW));
        }
        return CopiedDirectory.start("search: {directoryPath: annuaire}\n", database, copied);
    }

    // --- both sides

    /** Here something was changed when it was copied, so that clients of the copy miss nothing. */
    private Set<String> copied(String template) throws Exception {
        return template.contains(UPDATED + "ge{before}")
                ? there(template.substring(0, template.indexOf('?')))
                : Set.of();
    }

    private Set<String> there(String request) throws Exception {
        String[] parts = request.split("\\?", 2);
        Kind kind = List.of(Kind.values()).stream()
                .filter(each -> each.type().equals(parts[0]))
                .findFirst()
                .orElseThrow();
        String query = (parts.length > 1 ? parts[1] + "&" : "") + "_count=100000";
        ResultPage page = search.first(kind, query, NOW);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        page.write(out, "http://there", "http://there/" + request, null);
        return keys(BsonDocument.parse(out.toString(UTF_8)));
    }

    private static Set<String> here(TestServer server, String request) throws Exception {
        Set<String> found = new TreeSet<>();
        String next = server.uri("/annuaire/fhir/" + request + (request.contains("?") ? "&" : "?") + "_count=500")
                .toString();
        while (next != null) {
            HttpResponse<String> answer = Http.send("GET", URI.create(next));
            assertThat(answer.statusCode()).as(request + " " + answer.body()).isEqualTo(200);
            BsonDocument bundle = BsonDocument.parse(answer.body());
            found.addAll(keys(bundle));
            next = next(bundle);
        }
        return found;
    }

    private static @Nullable String next(BsonDocument bundle) {
        return bundle.getArray("link", new BsonArray()).stream()
                .map(BsonValue::asDocument)
                .filter(link -> link.getString("relation").getValue().equals("next"))
                .map(link -> link.getString("url").getValue())
                .findFirst()
                .orElse(null);
    }

    private static Set<String> keys(BsonDocument bundle) {
        Set<String> keys = new TreeSet<>();
        for (BsonValue entry : bundle.getArray("entry", new BsonArray())) {
            BsonDocument resource = entry.asDocument().getDocument("resource");
            keys.add(resource.getString("resourceType").getValue() + "/"
                    + resource.getString("id").getValue());
        }
        return keys;
    }

    // --- what is asked for

    private String filled(String template) {
        return BRACES.matcher(template).replaceAll(braces -> {
            String value = values.get(braces.group(1));
            assertThat(value).as(braces.group(1)).isNotNull();
            return Matcher.quoteReplacement(URLEncoder.encode(value, UTF_8).replace("%2C", ","));
        });
    }

    private void takeValues() {
        values.put("before", Instant.now().minus(Duration.ofDays(1)).toString());
        values.put("after", Instant.now().plus(Duration.ofDays(1)).toString());
        BsonDocument practitioner = first(Kind.PRACTITIONER, each -> each.containsKey("extension") && active(each));
        BsonDocument name = practitioner.getArray("name").get(0).asDocument();
        values.put("practitioner", id(practitioner));
        values.put(
                "practitioners",
                resources(Kind.PRACTITIONER).stream()
                        .limit(10)
                        .map(UseCasesIT::id)
                        .collect(Collectors.joining(",")));
        values.put("family", text(name, "family"));
        values.put("part", text(name, "family").substring(1));
        values.put("given", name.getArray("given").get(0).asString().getValue());
        values.put("rpps", identifier(practitioner, "RPPS"));
        values.put("specialty", specialty());
        values.put("smartcard", smartcard(practitioner));
        BsonDocument role = first(
                Kind.PRACTITIONER_ROLE,
                each -> active(each)
                        && each.containsKey("organization")
                        && each.containsKey("code")
                        && each.containsKey("telecom"));
        values.put("role", id(role));
        values.put("activity", text(role.getArray("identifier").get(0).asDocument(), "value"));
        values.put(
                "organization",
                text(role.getDocument("organization"), "reference").replace("Organization/", ""));
        BsonDocument code = coding(role, "code");
        values.put("code", text(code, "code"));
        values.put("system-and-code", text(code, "system") + "|" + text(code, "code"));
        BsonDocument place = first(
                Kind.ORGANIZATION,
                each -> active(each)
                        && each.containsKey("telecom")
                        && each.containsKey("address")
                        && has(each, "FINEG"));
        values.put("finess", identifier(place, "FINEG"));
        values.put("name", text(place, "name"));
        BsonDocument address = place.getArray("address").get(0).asDocument();
        values.put("city", text(address, "city"));
        values.put("postal", text(address, "postalCode"));
        values.put("department", text(address, "postalCode").substring(0, 2));
        values.put("categories", categories());
        values.put("sector", sector());
        values.put("licence", licence());
        values.put(
                "parent",
                text(
                                first(Kind.ORGANIZATION, each -> each.containsKey("partOf"))
                                        .getDocument("partOf"),
                                "reference")
                        .replace("Organization/", ""));
        BsonDocument device = first(Kind.DEVICE, each -> each.containsKey("owner"));
        values.put("owner", text(device.getDocument("owner"), "reference").replace("Organization/", ""));
        values.put("device", text(device.getArray("identifier").get(0).asDocument(), "value"));
        BsonDocument service = first(Kind.HEALTHCARE_SERVICE, each -> active(each) && each.containsKey("type"));
        values.put(
                "provider", text(service.getDocument("providedBy"), "reference").replace("Organization/", ""));
        values.put("service", text(coding(service, "type"), "code"));
    }

    private List<RawBsonDocument> resources(Kind kind) {
        return world.resources(kind, NOW).toList();
    }

    private BsonDocument first(Kind kind, Predicate<BsonDocument> wanted) {
        return resources(kind).stream().filter(wanted).findFirst().orElseThrow();
    }

    private static boolean active(BsonDocument resource) {
        return resource.getBoolean("active").getValue();
    }

    private static String id(BsonDocument resource) {
        return text(resource, "id");
    }

    private static String text(BsonDocument document, String name) {
        return document.getString(name).getValue();
    }

    private static BsonDocument coding(BsonDocument resource, String element) {
        return resource.getArray(element)
                .get(0)
                .asDocument()
                .getArray("coding")
                .get(0)
                .asDocument();
    }

    private static boolean has(BsonDocument resource, String type) {
        return resource.getArray("identifier").stream()
                .anyMatch(each -> each.asDocument().containsKey("type")
                        && text(codingOfType(each.asDocument()), "code").equals(type));
    }

    private static String identifier(BsonDocument resource, String type) {
        return resource.getArray("identifier").stream()
                .map(BsonValue::asDocument)
                .filter(each -> each.containsKey("type")
                        && text(codingOfType(each), "code").equals(type))
                .map(each -> text(each, "value"))
                .findFirst()
                .orElseThrow();
    }

    private static BsonDocument codingOfType(BsonDocument identifier) {
        return identifier.getDocument("type").getArray("coding").get(0).asDocument();
    }

    private String specialty() {
        return resources(Kind.PRACTITIONER).stream()
                .flatMap(each -> each.getArray("qualification", new BsonArray()).stream())
                .flatMap(each -> each.asDocument().getDocument("code").getArray("coding", new BsonArray()).stream())
                .map(each -> text(each.asDocument(), "code"))
                .filter(code -> code.startsWith("SM"))
                .findFirst()
                .orElseThrow();
    }

    private static String smartcard(BsonDocument practitioner) {
        return practitioner.getArray("extension").stream()
                .flatMap(each -> each.asDocument().getArray("extension", new BsonArray()).stream())
                .map(BsonValue::asDocument)
                .filter(each -> text(each, "url").equals("number"))
                .map(each -> text(each, "valueString"))
                .findFirst()
                .orElseThrow();
    }

    /** Codes of establishments, which are numbers, that no hospital has. */
    private String categories() {
        Set<String> ofHospitals =
                codesOfTypes(each -> codes(each).anyMatch(HOSPITALS::contains)).collect(Collectors.toSet());
        return codesOfTypes(each -> has(each, "FINEG"))
                .filter(code -> code.matches("\\d+") && !ofHospitals.contains(code))
                .limit(5)
                .collect(Collectors.joining(","));
    }

    /** A code of a sector, such as SA05. */
    private String sector() {
        return codesOfTypes(each -> each.containsKey("telecom"))
                .filter(code -> code.startsWith("SA"))
                .findFirst()
                .orElseThrow();
    }

    private Stream<String> codesOfTypes(Predicate<BsonDocument> wanted) {
        return resources(Kind.ORGANIZATION).stream()
                .filter(wanted)
                .flatMap(UseCasesIT::codes)
                .distinct();
    }

    private static Stream<String> codes(BsonDocument organization) {
        return organization.getArray("type", new BsonArray()).stream()
                .flatMap(each -> each.asDocument().getArray("coding", new BsonArray()).stream())
                .map(each -> text(each.asDocument(), "code"));
    }

    private String licence() {
        return resources(Kind.ORGANIZATION).stream()
                .flatMap(each -> each.getArray("extension", new BsonArray()).stream())
                .map(BsonValue::asDocument)
                .filter(each -> text(each, "url").contains("pharmacy-licence"))
                .map(each -> text(each, "valueString"))
                .findFirst()
                .orElseThrow();
    }
}
