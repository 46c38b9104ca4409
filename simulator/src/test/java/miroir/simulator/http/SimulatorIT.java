package miroir.simulator.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import miroir.simulator.Kind;
import miroir.simulator.life.Event;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatorIT {
    private final Simulator simulator = Simulator.start(
            SimulatorSettings.standard().withSize(900).withSeed(11).withPace(20));
    private final Client client = new Client(simulator);

    @AfterEach
    void stop() {
        simulator.close();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void search_pageByPage_givesTheTrueState(Kind kind) throws Exception {
        List<BsonDocument> found = client.all("/" + kind.type() + "?_count=37");

        List<BsonDocument> current = simulator
                .current(kind)
                .map(resource -> BsonDocument.parse(resource.toJson()))
                .toList();
        assertThat(found).isEqualTo(current).hasSize((int) simulator.count(kind));
    }

    @Test
    void search_withoutCount_hasFiftyInTheOrderOfTheRealOne() throws Exception {
        BsonDocument bundle = client.bundle("/Practitioner");

        assertThat(bundle.keySet()).containsExactly("resourceType", "type", "id", "total", "entry", "link");
        assertThat(bundle.getArray("entry")).hasSize(50);
        assertThat(bundle.getArray("entry").get(0).asDocument().keySet()).containsExactly("fullUrl", "resource");
        assertThat(Client.link(bundle, "self")).contains(simulator.base() + "/Practitioner");
        assertThat(Client.link(bundle, "next"))
                .hasValueSatisfying(url -> assertThat(url).startsWith(simulator.base() + "/_page?id=u"));
        assertThat(bundle.getArray("link")
                        .get(0)
                        .asDocument()
                        .getString("relation")
                        .getValue())
                .isEqualTo("next");
    }

    @Test
    void search_lastPage_hasSelfOnly() throws Exception {
        BsonDocument bundle = client.bundle("/Device?_count=10000");

        assertThat(bundle.getArray("link")).hasSize(1);
        assertThat(bundle.getInt32("total").getValue())
                .isEqualTo(bundle.getArray("entry").size());
    }

    @Test
    void search_countZero_countsOnly() throws Exception {
        BsonDocument bundle = client.bundle("/PractitionerRole?active=true&_count=0&_total=accurate");

        assertThat(bundle.getArray("entry")).isEmpty();
        assertThat(bundle.getInt32("total").getValue()).isEqualTo((int) simulator
                .current(Kind.PRACTITIONER_ROLE)
                .filter(role -> role.getBoolean("active").getValue())
                .count());
    }

    @Test
    void search_byText_saysNoTotalUnlessAsked() throws Exception {
        assertThat(client.bundle("/Practitioner?family=martin")).doesNotContainKey("total");
        assertThat(client.bundle("/Practitioner?_total=none")).doesNotContainKey("total");
        BsonDocument asked = client.bundle("/Practitioner?family=martin&_total=accurate&_count=1000");
        assertThat(asked.getInt32("total").getValue())
                .isEqualTo(asked.getArray("entry").size())
                .isPositive();
    }

    @Test
    void search_lastUpdatedInDisjointWindows_givesEachOnce() throws Exception {
        Set<String> ids = new HashSet<>();
        String[] bounds = {"2020", "2025-04-28T18:30:00", "2025-04-29", "2025-09-01", "2026-11-15", "2030"};
        for (int i = 1; i < bounds.length; i++) {
            String window = "?_lastUpdated=ge" + bounds[i - 1] + "&_lastUpdated=lt" + bounds[i];
            Client.ids(client.all("/Organization" + window))
                    .forEach(id -> assertThat(ids.add(id)).isTrue());
        }
        assertThat(ids).hasSize((int) simulator.count(Kind.ORGANIZATION));
    }

    @Test
    void search_whileTimeGoesOn_showsAllPagesAsAtTheFirst() throws Exception {
        List<BsonDocument> before = client.all("/Organization?_count=100");
        BsonDocument first = client.bundle("/Organization?_count=100");

        simulator.happen(Kind.ORGANIZATION, Event.CHANGE, 0.9);

        String next = Client.link(first, "next").orElseThrow();
        List<BsonDocument> second = Client.resources(BsonDocument.parse(
                client.send(HttpRequest.newBuilder(URI.create(next))).body()));
        assertThat(second).isEqualTo(before.subList(100, 200));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void read_byId_givesTheResource(Kind kind) throws Exception {
        RawBsonDocument expected = simulator.current(kind).findFirst().orElseThrow();

        HttpResponse<String> answer =
                client.get("/" + kind.type() + "/" + expected.getString("id").getValue());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(BsonDocument.parse(answer.body())).isEqualTo(BsonDocument.parse(expected.toJson()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "/Practitioner/003-0000000-0000000;404;Resource not found with id: 003-0000000-0000000",
                "/Practitioner?address-city=X;500;Parameter address-city not found for resource Practitioner",
                "/Practitioner?_sort=name;500;Parameter _sort not found for resource Practitioner",
                "/Practitioner?_count=x;500;The _count parameter must be in the FHIR format with an integer value :"
                        + " \"_count=30\"",
                "/_page?id=uFICTIF0AmX;500;The url can't be processed. Maybe it is too old or corrupted.",
                "/_page;400;Parameter id required to fetch the next page",
            })
    void refusals_all_haveTheWordsOfTheRealOne(String path, int status, String diagnostics) throws Exception {
        HttpResponse<String> answer = client.get(path);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/fhir+json;charset=UTF-8");
        assertThat(answer.body())
                .isEqualTo("{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\",\"code\":"
                        + "\"exception\",\"diagnostics\":\"" + diagnostics.replace("\"", "\\\"") + "\"}]}");
    }

    @Test
    void path_outsideOfTheApi_isTheGatewaysNotFound() throws Exception {
        HttpResponse<String> answer =
                client.send(HttpRequest.newBuilder(simulator.base().resolve("/other/Practitioner")));

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).isEqualTo("No context-path matches the request URI.");
    }

    @Test
    void write_anything_isDenied() throws Exception {
        assertThat(client.send(HttpRequest.newBuilder(URI.create(simulator.base() + "/Practitioner/1"))
                                .PUT(HttpRequest.BodyPublishers.ofString("{}")))
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void search_byForm_isTheSameAsByUrl() throws Exception {
        String query = "active=true&_count=3&_elements=name";
        HttpResponse<String> form =
                client.send(HttpRequest.newBuilder(URI.create(simulator.base() + "/Organization/_search"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(query)));

        assertThat(Client.resources(BsonDocument.parse(form.body())))
                .isEqualTo(Client.resources(client.bundle("/Organization?" + query)));
    }

    @Test
    void search_byAFormThatIsTooLongForALink_pagesAsWell() throws Exception {
        String query = "_count=5&type=" + "999,".repeat(300) + "LEGAL-ENTITY";

        List<BsonDocument> found = client.all("/Organization?" + query);

        assertThat(found)
                .isEqualTo(client.all("/Organization?type=LEGAL-ENTITY"))
                .hasSizeGreaterThan(5);
    }

    @Test
    void search_ofElements_hasTheseAndTheCompulsoryOnes() throws Exception {
        for (BsonDocument found :
                Client.resources(client.bundle("/Practitioner?active=true&_elements=name&_count=20"))) {
            assertThat(found.keySet()).containsExactly("resourceType", "id", "meta", "identifier", "active", "name");
            assertThat(found.getDocument("meta").toJson()).contains("SUBSETTED");
        }
    }

    @Test
    void search_rolesWithAllIncluded_bringsPractitionersAndOrganizations() throws Exception {
        BsonDocument bundle = client.bundle("/PractitionerRole?active=true&_count=10&_include=*");

        List<String> types = Client.resources(bundle).stream()
                .map(resource -> resource.getString("resourceType").getValue())
                .toList();
        assertThat(types.subList(0, 10)).containsOnly("PractitionerRole");
        assertThat(types).contains("Practitioner", "Organization");
        assertThat(Client.ids(Client.resources(bundle))).doesNotHaveDuplicates();
    }

    @Test
    void search_organizationsWithRolesIncluded_bringsAllWhoWorkThere() throws Exception {
        BsonDocument bundle =
                client.bundle("/Organization?_count=40&_revinclude=PractitionerRole:organization&_total=accurate");

        List<BsonDocument> organizations = Client.resources(bundle).stream()
                .filter(resource ->
                        resource.getString("resourceType").getValue().equals("Organization"))
                .toList();
        Set<String> expected = new HashSet<>();
        for (String id : Client.ids(organizations)) {
            expected.addAll(Client.ids(client.all("/PractitionerRole?organization=" + id)));
        }
        assertThat(Client.ids(Client.resources(bundle)).stream().filter(id -> id.startsWith("005-")))
                .containsExactlyInAnyOrderElementsOf(expected)
                .isNotEmpty();
        assertThat(bundle.getInt32("total").getValue()).isEqualTo((int) simulator.count(Kind.ORGANIZATION));
    }

    @ParameterizedTest
    @EnumSource(value = Kind.class, names = "HEALTHCARE_SERVICE", mode = EnumSource.Mode.EXCLUDE)
    void search_byEachIdentifier_findsItsResource(Kind kind) throws Exception {
        for (RawBsonDocument resource : simulator.current(kind).limit(15).toList()) {
            for (var identifier : resource.getArray("identifier")) {
                String value = identifier.asDocument().getString("value").getValue();
                String system = identifier.asDocument().getString("system").getValue();
                assertThat(Client.ids(client.all("/" + kind.type() + "?identifier=" + system + "%7C" + value)))
                        .contains(resource.getString("id").getValue());
                assertThat(Client.ids(client.all("/" + kind.type() + "?identifier=00000000000," + value)))
                        .contains(resource.getString("id").getValue());
            }
        }
    }

    @Test
    void search_bySeveralIds_findsThoseThatAre() throws Exception {
        List<String> ids = simulator
                .current(Kind.ORGANIZATION)
                .limit(3)
                .map(resource -> resource.getString("id").getValue())
                .toList();

        assertThat(Client.ids(client.all("/Organization?_id=" + String.join(",", ids) + ",001-01-0&_count=2")))
                .containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void date_always_isTheSimulatedClocks() throws Exception {
        simulator.clock().advanceTo(Instant.parse("2027-03-01T12:00:00Z"));

        String date = client.get("/metadata").headers().firstValue("Date").orElseThrow();

        assertThat(date).startsWith("Mon, 01 Mar 2027 ");
        assertThat(ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant())
                .isBetween(Instant.parse("2027-03-01T11:59:59Z"), Instant.parse("2027-03-01T18:00:00Z"));
    }

    @Test
    void links_afterTheirLife_areDead() throws Exception {
        String next = Client.link(client.bundle("/Practitioner"), "next").orElseThrow();

        simulator.clock().advance(Duration.ofHours(5));

        HttpResponse<String> answer = client.send(HttpRequest.newBuilder(URI.create(next)));
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).contains("too old or corrupted");
    }

    @Test
    void life_afterSomeDays_hasTheFlawsOfTheRealOne() {
        simulator.clock().advance(Duration.ofDays(20));

        List<BsonDocument> all = Stream.of(Kind.values())
                .flatMap(simulator::current)
                .map(resource -> BsonDocument.parse(resource.toJson()))
                .toList();

        assertThat(all).anyMatch(resource -> resource.getDocument("meta").get("versionId") instanceof BsonInt32);
        assertThat(all).anyMatch(resource -> resource.toJson().contains("\"line\": [null]"));
        assertThat(all).anyMatch(resource -> resource.toJson().contains("annuaire.esante.gouv.fr"));
        assertThat(all).anyMatch(resource -> resource.toJson().contains("|1.1.0"));
        assertThat(all).anyMatch(resource -> resource.toJson().contains("CABINET  "));
        assertThat(all)
                .anyMatch(resource -> !resource.containsKey("type")
                        && resource.containsKey("active")
                        && !resource.getBoolean("active").getValue());
    }

    @Test
    void metadata_always_namesTypesAndParameters() throws Exception {
        BsonDocument metadata = client.bundle("/metadata");

        assertThat(metadata.getString("resourceType").getValue()).isEqualTo("CapabilityStatement");
        BsonDocument rest = metadata.getArray("rest").get(0).asDocument();
        assertThat(rest.getArray("resource")).hasSize(5);
        for (var resource : rest.getArray("resource")) {
            String type = resource.asDocument().getString("type").getValue();
            for (var parameter : resource.asDocument().getArray("searchParam")) {
                String name = parameter.asDocument().getString("name").getValue();
                assertThat(client.get("/" + type + "?" + name + "=2020&_count=0")
                                .statusCode())
                        .as(type + "?" + name)
                        .isEqualTo(200);
            }
        }
    }

    static List<String> exampleNames() {
        return Examples.names();
    }

    @ParameterizedTest
    @MethodSource("exampleNames")
    void example_each_isServedAsItIs(String name) throws Exception {
        HttpResponse<String> answer = client.control("GET", "/examples/" + name);

        int status = name.contains("-http") ? Integer.parseInt(name.replaceAll(".*-http(\\d+).json", "$1")) : 200;
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(BsonDocument.parse(answer.body())).containsKey("resourceType");
    }

    @Test
    void examples_all_areSixty() throws Exception {
        assertThat(client.control("GET", "/examples").body().lines()).hasSize(60);
    }

    @Test
    void requests_moreThanTheQuota_areDeniedByTheGateway() throws Exception {
        try (Simulator guarded =
                Simulator.start(SimulatorSettings.standard().withSize(100).withQuota(1))) {
            Client outside = new Client(guarded);
            HttpResponse<String> answer = outside.get("/metadata");
            for (int i = 0; i < 500 && answer.statusCode() == 200; i++) {
                answer = outside.get("/metadata");
            }

            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(answer.headers().firstValue("X-Rate-Limit-Limit")).contains("1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "wrong"})
    void request_withoutTheKey_isUnauthorized(String key) throws Exception {
        try (Simulator guarded =
                Simulator.start(SimulatorSettings.standard().withSize(100).withKey("secret"))) {
            Client outside = new Client(guarded);
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(guarded.base() + "/metadata"));
            HttpRequest.Builder shown = key.isEmpty() ? request : request.header("ESANTE-API-KEY", key);

            assertThat(outside.send(shown).statusCode()).isEqualTo(401);
            assertThat(outside.send(request.setHeader("ESANTE-API-KEY", "secret"))
                            .statusCode())
                    .isEqualTo(200);
        }
    }
}
