package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.index.generated.Proves;
import miroir.server.ReferenceSearch.Criterion;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CapabilityStatement;
import org.hl7.fhir.r4.model.CapabilityStatement.CapabilityStatementRestResourceComponent;
import org.hl7.fhir.r4.model.CapabilityStatement.ConditionalDeleteStatus;
import org.hl7.fhir.r4.model.CapabilityStatement.ConditionalReadStatus;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.Enumerations.SearchParamType;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.StringType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code /metadata} says is true: all of it is exercised over HTTP against a plain reference, and what it does not
 * say is refused.
 */
@Tag("long")
@ExtendWith(MongoExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TruthIT {
    /** Those of the directory, which have no numbers, and two that have. */
    static final String TYPES =
            "Practitioner,PractitionerRole,Organization,HealthcareService,Device,Substance,MolecularSequence";

    private static final String VIEW = """
            {"resourceType":"ViewDefinition","status":"draft","resource":"Practitioner","select":[{"column":[{"name":"id","path":"id"}]}]}""";

    private static final int RANDOM_QUERIES = 300;
    private static final int VALUES_OF_EACH = 3;
    private static final int PRACTITIONERS = 100;
    private static final String DEFINITION = "http://hl7.org/fhir/OperationDefinition/Resource-";
    private static final List<String> STANDARD_OPERATIONS = List.of("meta", "meta-add", "meta-delete", "validate");
    private static final String TAGGED =
            "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"meta\",\"valueMeta\":"
                    + "{\"tag\":[{\"code\":\"tried\"}]}}]}";

    private final long seed = Long.getLong("miroir.seed", new Random().nextLong());
    private final Random random = new Random(seed);
    private RandomSearches searches;
    private DirectoryServer server;
    private CapabilityStatement metadata;

    @BeforeAll
    void start(TestDatabase database, @TempDir Path folder) throws Exception {
        System.out.println("seed " + seed + " (repeat with -Dmiroir.seed=" + seed + ")");
        server = DirectoryServer.start(database, folder, TYPES);
        metadata = server.metadata();
        new SampleOfEverything(server, seed, PRACTITIONERS).load();
        searches = RandomSearches.on(server, metadata, random);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    @Proves("every advertised parameter and modifier works")
    void searchParameters_allAdvertised_findWhatTheReferenceFinds() throws Exception {
        List<String> differences = new ArrayList<>();
        int asked = 0;
        for (CapabilityStatementRestResourceComponent resource :
                metadata.getRestFirstRep().getResource()) {
            List<Resource> candidates = searches.storedOf(resource.getType());
            for (var advertised : resource.getSearchParam()) {
                DefinedParameter parameter = searches.parameter(resource.getType(), advertised.getName());
                for (String modifier : RandomSearches.modifiers(advertised)) {
                    List<String> values = valuesFor(candidates, parameter, modifier);
                    if (values.isEmpty() && !RandomSearches.isType(modifier)) {
                        differences.add(resource.getType() + "." + advertised.getName() + ":" + modifier
                                + ": nothing to try it with");
                    }
                    for (String value : values) {
                        differences.addAll(searches.difference(
                                resource.getType(), List.of(new Criterion(parameter, modifier, List.of(value)))));
                        asked++;
                    }
                }
            }
        }
        assertThat(differences).as("seed %d, %d queries", seed, asked).isEmpty();
    }

    /** Both answers of {@code :missing}; the resource that has everything first. */
    private List<String> valuesFor(List<Resource> candidates, DefinedParameter parameter, String modifier) {
        if (modifier.equals("missing")) {
            return List.of("true", "false");
        }
        List<Resource> rich = candidates.stream()
                .filter(resource -> resource.getIdElement().getIdPart().equals("rich"))
                .toList();
        List<String> values = searches.queries().values(rich, parameter, modifier);
        List<String> tried =
                new ArrayList<>(values.isEmpty() ? searches.queries().values(candidates, parameter, modifier) : values);
        Collections.shuffle(tried, random);
        return tried.subList(0, Math.min(VALUES_OF_EACH, tried.size()));
    }

    @Test
    void searchParameters_valueThatNothingHas_findNothing() throws Exception {
        for (CapabilityStatementRestResourceComponent resource :
                metadata.getRestFirstRep().getResource()) {
            for (var advertised : resource.getSearchParam()) {
                DefinedParameter parameter = searches.parameter(resource.getType(), advertised.getName());
                String value = parameter.parts().isEmpty()
                        ? valueThatNothingHas(parameter.kind())
                        : parameter.parts().stream()
                                .map(part -> valueThatNothingHas(part.kind()))
                                .collect(Collectors.joining("$"));
                String path = "/" + resource.getType() + "?" + advertised.getName() + "=" + value;

                assertThat(server.search(path)).as(path).isEmpty();
            }
        }
    }

    private static String valueThatNothingHas(SearchParamType kind) {
        return switch (kind) {
            case DATE -> "1789-07-14";
            case NUMBER, QUANTITY -> "987654.321";
            default -> "no-such-value";
        };
    }

    @Test
    @Proves("every advertised parameter and modifier works")
    void searches_random_findWhatTheReferenceFinds() throws Exception {
        assertThat(searches.differences(RANDOM_QUERIES)).as("seed %d", seed).isEmpty();
    }

    @Test
    @Proves({"_sort without an index", "_sort, what lacks the value comes last"})
    void sorts_byEveryParameter_areInItsOrder() throws Exception {
        List<String> differences = new ArrayList<>();
        for (CapabilityStatementRestResourceComponent resource :
                metadata.getRestFirstRep().getResource()) {
            for (var advertised : resource.getSearchParam()) {
                DefinedParameter parameter = searches.parameter(resource.getType(), advertised.getName());
                if (ReferenceOrder.hasOrder(parameter)) {
                    differences.addAll(searches.differenceInOrder(resource.getType(), parameter, false));
                    differences.addAll(searches.differenceInOrder(resource.getType(), parameter, true));
                }
            }
        }
        assertThat(differences).as("seed %d", seed).isEmpty();
    }

    @Test
    void includes_allAdvertised_bringWhatTheReferenceFinds() throws Exception {
        ReferenceIncludes includes = new ReferenceIncludes(searches);
        List<String> differences = new ArrayList<>();
        for (CapabilityStatementRestResourceComponent resource :
                metadata.getRestFirstRep().getResource()) {
            String type = resource.getType();
            assertThat(resource.getSearchInclude()).as(type).isNotEmpty();
            for (StringType include : resource.getSearchInclude()) {
                differences.addAll(includes.difference(type, "_include", include.getValue()));
            }
            for (StringType include : resource.getSearchRevInclude()) {
                differences.addAll(includes.difference(type, "_revinclude", include.getValue()));
            }
        }
        assertThat(differences).as("seed %d", seed).isEmpty();
        assertThat(server.get("/PractitionerRole?_include=PractitionerRole:organization")
                        .body())
                .as("there is something to include")
                .contains("\"mode\":\"include\"");
    }

    @Test
    void patchFormats_allAdvertised_areTaken() throws Exception {
        Map<String, String> patches = Map.of(
                "application/json-patch+json", "[{\"op\":\"replace\",\"path\":\"/language\",\"value\":\"de\"}]",
                "application/fhir+json", INTO_GERMAN,
                "application/fhir+xml", INTO_GERMAN_AS_XML);
        assertThat(metadata.getPatchFormat())
                .extracting(CodeType::getValue)
                .containsExactlyInAnyOrderElementsOf(patches.keySet());
        for (CodeType format : metadata.getPatchFormat()) {
            String id = "patched-" + format.getValue().replaceAll("[^a-z]", "-");
            server.put("Device", id, "{\"resourceType\":\"Device\",\"id\":\"" + id + "\",\"language\":\"fr\"}");

            HttpResponse<String> answer = Http.send(
                    "PATCH",
                    server.uri("/Device/" + id),
                    Objects.requireNonNull(patches.get(format.getValue())).getBytes(StandardCharsets.UTF_8),
                    "Authorization",
                    "Bearer " + TestServer.TOKEN,
                    "Content-Type",
                    format.getValue());
            assertThat(answer.statusCode()).as("%s: %s", format, answer.body()).isEqualTo(200);
            assertThat(answer.body()).contains("\"language\":\"de\"");
            assertThat(Http.write("DELETE", server.uri("/Device/" + id), "").statusCode())
                    .isEqualTo(204);
        }
    }

    private static final String INTO_GERMAN_AS_XML = """
            <Parameters xmlns="http://hl7.org/fhir"><parameter><name value="operation"/>
            <part><name value="type"/><valueCode value="replace"/></part>
            <part><name value="path"/><valueString value="Resource.language"/></part>
            <part><name value="value"/><valueCode value="de"/></part></parameter></Parameters>""";

    private static final String INTO_GERMAN = """
            {"resourceType":"Parameters","parameter":[{"name":"operation","part":[{"name":"type","valueCode":"replace"},
            {"name":"path","valueString":"Resource.language"},{"name":"value","valueCode":"de"}]}]}""";

    @Test
    @Proves("$everything of patients, practitioners, organizations")
    void interactions_allAdvertised_work() throws Exception {
        for (CapabilityStatementRestResourceComponent resource :
                metadata.getRestFirstRep().getResource()) {
            String type = resource.getType();
            Set<String> advertised = resource.getInteraction().stream()
                    .map(interaction -> interaction.getCode().toCode())
                    .collect(Collectors.toCollection(TreeSet::new));
            assertThat(advertised)
                    .as(type)
                    .containsExactly(
                            "create",
                            "delete",
                            "history-instance",
                            "history-type",
                            "patch",
                            "read",
                            "search-type",
                            "update",
                            "vread");
            assertThat(resource.getReadHistory()).isTrue();
            assertThat(resource.getOperation())
                    .extracting(operation -> operation.getName() + " " + operation.getDefinition())
                    .containsExactlyElementsOf(Stream.concat(
                                    type.equals("Practitioner") || type.equals("Organization")
                                            ? Stream.of(
                                                    "erase #erase",
                                                    "by-identifier #by-identifier",
                                                    "seen #seen",
                                                    "everything #everything")
                                            : Stream.of("erase #erase", "by-identifier #by-identifier", "seen #seen"),
                                    STANDARD_OPERATIONS.stream().map(name -> name + " " + DEFINITION + name))
                            .toList());

            String json =
                    "{\"resourceType\":\"" + type + "\",\"id\":\"tried\",\"language\":\"fr\"" + required(type) + "}";
            HttpResponse<String> created =
                    Http.write("POST", server.uri("/" + type), json.replace(",\"id\":\"tried\"", ""));
            assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
            String path = "/" + type + "/tried";
            assertThat(Http.write("PUT", server.uri(path), json).statusCode()).isEqualTo(201);
            assertThat(Http.write("PUT", server.uri(path), json.replace("\"fr\"", "\"en\""))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(server.get(path).body()).contains("\"language\":\"en\"").contains("\"versionId\":\"2\"");
            assertThat(Http.write("PATCH", server.uri(path), INTO_GERMAN).statusCode())
                    .isEqualTo(200);
            assertThat(server.get(path).body()).contains("\"language\":\"de\"").contains("\"versionId\":\"3\"");
            assertThat(server.search("/" + type + "?_id=tried")).hasSize(1);
            assertThat(Http.write("POST", server.uri(path + "/$meta-add"), TAGGED)
                            .body())
                    .contains("\"versionId\":\"4\"", "\"code\":\"tried\"");
            assertThat(server.get("/" + type + "/$meta").body()).contains("\"code\":\"tried\"");
            assertThat(server.search("/" + type + "?_tag=tried")).hasSize(1);
            assertThat(server.get(path + "/$validate").body()).contains("no problem was found");
            assertThat(Http.write("POST", server.uri(path + "/$meta-delete"), TAGGED)
                            .body())
                    .contains("\"versionId\":\"5\"")
                    .doesNotContain("\"code\":\"tried\"");
            assertThat(Http.write("DELETE", server.uri(path), "").statusCode()).isIn(200, 204);
            assertThat(server.get(path).statusCode()).isEqualTo(410);
            assertThat(server.get(path + "/_history/1").body()).contains("\"language\":\"fr\"");
            assertThat(server.get(path + "/$seen").body()).contains("firstSeen", "\"valueInteger\":6");
            assertThat(server.get(path + "/_history/6").statusCode()).isEqualTo(410);
            assertThat(changes(path + "/_history"))
                    .containsExactly(
                            "DELETE W/\"6\"",
                            "PUT W/\"5\"",
                            "PUT W/\"4\"",
                            "PUT W/\"3\"",
                            "PUT W/\"2\"",
                            "PUT W/\"1\"");
            String location = created.headers().firstValue("Location").orElseThrow();
            assertThat(Http.send("GET", URI.create(location)).body()).isEqualTo(created.body());
            String createdPath = location.substring(server.base().length()).replaceAll("/_history/.*", "");
            assertThat(changes(createdPath + "/_history")).containsExactly("POST W/\"1\"");
            String since = "_history?_count=2&_since="
                    + created.headers()
                            .firstValue("Last-Modified")
                            .map(TruthIT::instant)
                            .orElseThrow();
            for (String history : List.of("/" + type + "/", "/")) {
                assertThat(changes(history + since))
                        .contains("DELETE W/\"6\"", "PUT W/\"3\"", "PUT W/\"2\"", "PUT W/\"1\"", "POST W/\"1\"");
            }
            for (String erased : List.of(path, createdPath)) {
                assertThat(Http.write("POST", server.uri(erased + "/$erase"), "")
                                .statusCode())
                        .isEqualTo(200);
                assertThat(server.get(erased + "/_history/1").statusCode()).isEqualTo(410);
                assertThat(changes(erased + "/_history"))
                        .singleElement()
                        .asString()
                        .startsWith("DELETE");
                assertThat(Http.write("PUT", server.uri(path), json).statusCode())
                        .isEqualTo(409);
            }
        }
        assertThat(metadata.getRestFirstRep().getInteraction())
                .extracting(interaction -> interaction.getCode().toCode())
                .containsExactly("transaction", "batch", "search-system", "history-system");
        assertThat(metadata.getRestFirstRep().getOperation())
                .extracting(operation -> operation.getName())
                .containsExactly("meta", "viewdefinition-run", "export", "directory-search");
        assertThat(server.get("/$meta").statusCode()).isEqualTo(200);
        assertThat(Http.send("GET", server.uri("/$export?_type=Device"), "Prefer", "respond-async")
                        .statusCode())
                .isEqualTo(202);
        assertThat(server.get("/$directory-search?name=martin").statusCode()).isEqualTo(200);
        assertThat(Http.write("POST", server.uri("/$viewdefinition-run"), VIEW).statusCode())
                .isEqualTo(200);
        for (String type : List.of("transaction", "batch")) {
            String bundle = "{\"resourceType\":\"Bundle\",\"type\":\"" + type
                    + "\",\"entry\":[{\"request\":{\"method\":\"GET\",\"url\":\"metadata\"}}]}";
            assertThat(Http.write("POST", server.uri(""), bundle).body())
                    .contains(type + "-response", "\"status\":\"200 OK\"");
        }
        assertThat(metadata.getRestFirstRep().getCompartment())
                .extracting(compartment -> compartment.getValue())
                .containsExactly(
                        "http://hl7.org/fhir/CompartmentDefinition/device",
                        "http://hl7.org/fhir/CompartmentDefinition/practitioner");
        for (String path : List.of(
                "/?_type=Practitioner,Device&_count=1",
                "/Practitioner/rich/*",
                "/Device/rich/Device",
                "/Practitioner/rich/$everything",
                "/Organization/rich/$everything")) {
            assertThat(server.get(path).statusCode()).as(path).isEqualTo(200);
        }
    }

    private static String instant(String httpDate) {
        return DateTimeFormatter.RFC_1123_DATE_TIME
                .parse(httpDate, Instant::from)
                .toString();
    }

    /** All pages of a history: how and as which version. */
    private List<String> changes(String path) throws Exception {
        List<String> changes = new ArrayList<>();
        String next = server.base() + path;
        while (next != null) {
            HttpResponse<String> answer = Http.send("GET", URI.create(next));
            assertThat(answer.statusCode()).as("%s: %s", next, answer.body()).isEqualTo(200);
            Bundle page = DirectoryServer.read(Bundle.class, answer.body());
            page.getEntry()
                    .forEach(entry -> changes.add(entry.getRequest().getMethod() + " "
                            + entry.getResponse().getEtag()));
            next = page.getLink("next") == null ? null : page.getLink("next").getUrl();
        }
        return changes;
    }

    @Test
    void conditionalInteractions_allAdvertised_work() throws Exception {
        for (CapabilityStatementRestResourceComponent resource :
                metadata.getRestFirstRep().getResource()) {
            String type = resource.getType();
            assertThat(resource.getConditionalRead()).isEqualTo(ConditionalReadStatus.FULLSUPPORT);
            assertThat(resource.getConditionalCreate()).isTrue();
            assertThat(resource.getConditionalUpdate()).isTrue();
            assertThat(resource.getConditionalDelete()).isEqualTo(ConditionalDeleteStatus.SINGLE);

            String json =
                    "{\"resourceType\":\"" + type + "\",\"id\":\"met\",\"language\":\"fr\"" + required(type) + "}";
            URI byCriteria = server.uri("/" + type + "?_id=met");
            URI read = server.uri("/" + type + "/met");
            assertThat(Http.write("PUT", byCriteria, json).statusCode()).isEqualTo(201);
            assertThat(Http.write("POST", server.uri("/" + type), json, "If-None-Exist", "_id=met")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(Http.send("GET", read, "If-None-Match", "W/\"1\"").statusCode())
                    .isEqualTo(304);
            assertThat(Http.write("PUT", byCriteria, json.replace("\"fr\"", "\"en\""))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(Http.write("DELETE", byCriteria, "").statusCode()).isEqualTo(204);
            assertThat(Http.send("GET", read).statusCode()).isEqualTo(410);
        }
    }

    private static String required(String type) {
        return switch (type) {
            case "Substance" -> ",\"code\":{\"text\":\"x\"}";
            case "MolecularSequence" -> ",\"coordinateSystem\":0";
            default -> "";
        };
    }

    @Test
    @Proves("what is not advertised is refused")
    void interactions_notAdvertised_areRefusedWithAnOutcome() throws Exception {
        String patch = "[{\"op\":\"replace\",\"path\":\"/active\",\"value\":false}]";
        List<HttpResponse<String>> refused = List.of(
                server.get("/_history?_sort=_id"),
                server.get("/Practitioner/_history?_list=1"),
                server.get("/Practitioner/_history?active=true"),
                Http.write("POST", server.uri("/Practitioner/$erase"), ""),
                Http.write("POST", server.uri("/$erase"), ""),
                server.get("/?_type=Patient"),
                server.get("/?_type=Practitioner&_sort=family"),
                server.get("/Organization/1/Device"),
                server.get("/Patient"),
                server.get("/Patient/1"),
                server.get("/Device/rich/$everything"),
                server.get("/Practitioner/$export"),
                server.get("/$export"),
                server.get("/Patient/1/Practitioner"),
                server.get("/MolecularSequence?_sort=chromosome-variant-coordinate"),
                server.get("/metadata?_summary=true"),
                server.get("/Practitioner?no-such=1"),
                server.get("/Practitioner?family:no-such=1"),
                server.get("/Practitioner?qualification-code:in=http://example.org/vs"),
                server.get("/Practitioner?_include=Practitioner:no-such"),
                server.get("/Practitioner?_revinclude=Patient:general-practitioner"),
                Http.send(
                        "PATCH",
                        server.uri("/Practitioner/rich"),
                        "<diff/>".getBytes(StandardCharsets.UTF_8),
                        "Authorization",
                        "Bearer " + TestServer.TOKEN,
                        "Content-Type",
                        "application/xml-patch+xml"),
                server.get("/NoSuchType"),
                Http.write(
                        "PATCH",
                        server.uri("/Practitioner?no-such=x"),
                        patch,
                        "Content-Type",
                        "application/json-patch+json"),
                Http.write("PUT", server.uri("/Practitioner?no-such=x"), "{\"resourceType\":\"Practitioner\"}"),
                Http.write("DELETE", server.uri("/Practitioner?no-such=x"), ""),
                Http.write("POST", server.uri("/"), "{\"resourceType\":\"Bundle\",\"type\":\"collection\"}"));
        for (HttpResponse<String> answer : refused) {
            assertThat(answer.statusCode())
                    .as("%s: %s", answer.request(), answer.body())
                    .isIn(400, 404, 405, 415, 501);
            OperationOutcome outcome = DirectoryServer.read(OperationOutcome.class, answer.body());
            assertThat(outcome.getIssueFirstRep().getDiagnostics())
                    .as("%s", answer.request())
                    .isNotBlank();
        }
    }
}
