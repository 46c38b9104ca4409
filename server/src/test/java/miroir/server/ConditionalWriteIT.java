package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.api.MethodOutcome;
import ca.uhn.fhir.rest.client.api.IGenericClient;
import ca.uhn.fhir.rest.client.api.ServerValidationModeEnum;
import ca.uhn.fhir.rest.client.interceptor.BearerTokenAuthInterceptor;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Practitioner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Conditional create, update and delete: what they do by how many resources match, and that many at once do it once. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(MongoExtension.class)
final class ConditionalWriteIT {
    private static final String TYPE = "/fhir/Practitioner";

    private final long seed = Long.getLong("miroir.seed", new Random().nextLong());
    private TestServer server;
    private TestServer second;

    @BeforeAll
    void start(TestDatabase database) throws Exception {
        server = TestServer.start(database);
        second = TestServer.start("fhir: {conditionalDelete: 5}\n", database);
    }

    @AfterAll
    void stop() {
        second.close();
        server.close();
    }

    @Test
    void create_nothingMatches_creates() throws Exception {
        HttpResponse<String> created = create("c0", "identifier=urn:s|c0");

        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(header(created, "Location")).startsWith(server.base() + "/Practitioner/");
        assertThat(header(created, "ETag")).isEqualTo("W/\"1\"");
        assertThat(total("c0")).isEqualTo(1);
        assertThat(Http.send("GET", server.uri(path(created) + "/_history")).body())
                .contains("\"method\":\"POST\"");
    }

    @ParameterizedTest
    @CsvSource({"0, '', 404", "0, 'W/\"1\"', 412", "1, '', 200", "1, 'W/\"1\"', 200", "1, 'W/\"7\"', 412", "2, '', 412"
    })
    void patch_byHowManyMatch(int matches, String ifMatch, int status) throws Exception {
        String name = "patch" + matches + status + ifMatch.length();
        for (int i = 0; i < matches; i++) {
            put(name + "-" + i, name, "before");
        }
        String[] condition = ifMatch.isEmpty() ? new String[0] : new String[] {"If-Match", ifMatch};

        HttpResponse<String> answer = Http.write(
                "PATCH",
                server.uri(TYPE + "?identifier=urn:s%7C" + name),
                "[{\"op\":\"add\",\"path\":\"/active\",\"value\":true}]",
                Stream.concat(Stream.of("Content-Type", "application/json-patch+json"), Stream.of(condition))
                        .toArray(String[]::new));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        for (int i = 0; i < matches; i++) {
            assertThat(Http.send("GET", server.uri(TYPE + "/" + name + "-" + i))
                            .body()
                            .contains("\"active\":true"))
                    .isEqualTo(status == 200);
        }
    }

    @Test
    void create_oneMatches_answersThatAndWritesNothing() throws Exception {
        put("c1", "c1", "there");
        String queryWithMark = "?identifier=urn:s%7Cc1";

        for (String criteria : List.of(
                "identifier=urn:s|c1",
                queryWithMark,
                "Practitioner" + queryWithMark,
                server.base() + "/Practitioner" + queryWithMark)) {
            HttpResponse<String> found = create("c1", criteria);
            assertThat(found.statusCode()).as(criteria).isEqualTo(200);
            assertThat(header(found, "Location")).isEqualTo(server.base() + "/Practitioner/c1/_history/1");
            assertThat(header(found, "ETag")).isEqualTo("W/\"1\"");
            assertThat(found.headers().firstValue("Last-Modified")).isPresent();
            assertThat(found.body()).contains("\"family\":\"there\"");
        }
        assertThat(total("c1")).isEqualTo(1);
        assertThat(create("c1", queryWithMark, "Prefer", "return=minimal").body())
                .isEmpty();
        HttpResponse<String> told = create("c1", queryWithMark, "Prefer", "return=OperationOutcome");
        assertThat(Outcome.of(told).getIssueFirstRep().getDiagnostics())
                .contains("Practitioner/c1 meets If-None-Exist, at version 1; nothing was written");
    }

    @Test
    void create_severalMatch_isRefusedWithHowMany() throws Exception {
        put("c2a", "c2", "a");
        put("c2b", "c2", "b");
        put("c2c", "c2", "c");

        HttpResponse<String> refused = create("c2", "identifier=c2");

        assertThat(refused.statusCode()).isEqualTo(412);
        assertThat(Outcome.of(refused).getIssueFirstRep().getDiagnostics())
                .contains("3 Practitioner meet the criteria");
        assertThat(total("c2")).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "; there are no criteria",
                "?; there are no criteria",
                "nonsense=1; nonsense",
                "identifier=; empty",
                "identifier=x&_count=1; _count",
                "identifier=x&_sort=family; _sort",
                "identifier=x&_include=*; _include",
                "identifier=x&_include:iterate=*; _include",
                "_format=json; _format",
                "_lastUpdated=ap2020; ap",
                "Organization?identifier=x; Organization",
                "family=%FF; UTF-8"
            })
    void create_criteriaThatAreNone_areRefused(String criteria, String reason) throws Exception {
        HttpResponse<String> refused = create("never", criteria == null ? "" : criteria);

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains(reason);
        assertThat(total("never")).isZero();
    }

    /** Whoever reads the header may take its letters for others than whoever wrote it, and would then find nothing. */
    @Test
    void create_headerThatIsNotPercentEncoded_isRefused() throws Exception {
        String json = practitioner("letters", "x");
        String request = "POST " + TYPE + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer "
                + TestServer.TOKEN + "\r\nContent-Type: application/fhir+json\r\nContent-Length: " + json.length()
                + "\r\nIf-None-Exist: family=Lefèvre\r\n\r\n" + json;

        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 400 ").contains("percent-encoded");
        }
        assertThat(total("letters")).isZero();
    }

    @Test
    void update_nothingMatches_creates() throws Exception {
        HttpResponse<String> created = update("identifier=urn:s|u0", practitioner("u0", "a"));
        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(header(created, "Location")).endsWith("/_history/1");

        HttpResponse<String> named =
                update("identifier=urn:s|u0b", practitioner("u0b", "a").replaceFirst("\\{", "{\"id\":\"u0b\","));
        assertThat(named.statusCode()).isEqualTo(201);
        assertThat(header(named, "Location")).isEqualTo(server.base() + "/Practitioner/u0b/_history/1");
        assertThat(Http.send("GET", server.uri(TYPE + "/u0b/_history")).body()).contains("\"method\":\"PUT\"");
    }

    @Test
    void update_oneMatches_updatesThat() throws Exception {
        put("u1", "u1", "a");

        HttpResponse<String> updated = update("identifier=urn:s|u1", practitioner("u1", "b"));
        assertThat(updated.statusCode()).isEqualTo(200);
        assertThat(header(updated, "Content-Location")).isEqualTo(server.base() + "/Practitioner/u1/_history/2");
        assertThat(updated.body()).startsWith("{\"resourceType\":\"Practitioner\",\"id\":\"u1\",");

        String same = practitioner("u1", "c").replaceFirst("\\{", "{\"id\":\"u1\",");
        assertThat(update("identifier=urn:s|u1", same).statusCode()).isEqualTo(200);
        HttpResponse<String> unchanged = update("identifier=urn:s|u1&_format=json", same);
        assertThat(unchanged.statusCode()).isEqualTo(200);
        assertThat(header(unchanged, "ETag")).isEqualTo("W/\"3\"");

        HttpResponse<String> another = update("identifier=urn:s|u1", same.replace("\"u1\",", "\"u1x\","));
        assertThat(another.statusCode()).isEqualTo(400);
        assertThat(another.body()).contains("Practitioner.id", "u1x");
    }

    @Test
    void update_idOfAnotherResource_isAConflict() throws Exception {
        put("u-taken", "u-other", "a");

        HttpResponse<String> refused = update(
                "identifier=urn:s|u-free", practitioner("u-free", "b").replaceFirst("\\{", "{\"id\":\"u-taken\","));

        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("Practitioner/u-taken exists already");
        assertThat(total("u-free")).isZero();
        assertThat(update("identifier=urn:s|u-free", practitioner("u-free", "b"))
                        .statusCode())
                .isEqualTo(201);
    }

    @Test
    void update_severalMatch_isRefused() throws Exception {
        put("u2a", "u2", "a");
        put("u2b", "u2", "b");

        HttpResponse<String> refused = update("identifier=urn:s|u2", practitioner("u2", "c"));

        assertThat(refused.statusCode()).isEqualTo(412);
        assertThat(refused.body()).contains("2 Practitioner meet the criteria");
    }

    @Test
    void update_withVersionDemanded_respectsIt() throws Exception {
        put("u3", "u3", "a");
        String criteria = "identifier=urn:s|u3";
        String json = practitioner("u3", "b");

        assertThat(update(criteria, json, "If-Match", "W/\"2\"").statusCode()).isEqualTo(412);
        assertThat(update(criteria, json, "If-None-Match", "*").statusCode()).isEqualTo(412);
        assertThat(update(criteria, json, "If-Match", "W/\"1\"").statusCode()).isEqualTo(200);
        assertThat(update(criteria, json, "If-Match", "*").statusCode()).isEqualTo(200);
        String none = "identifier=urn:s|u3-none";
        assertThat(update(none, json, "If-Match", "W/\"1\"").statusCode()).isEqualTo(412);
        assertThat(update(none, json, "If-Match", "*").statusCode()).isEqualTo(412);
        assertThat(update(none, practitioner("u3-none", "b"), "If-None-Match", "*")
                        .statusCode())
                .isEqualTo(201);
    }

    @Test
    void delete_byHowManyMatch() throws Exception {
        assertThat(delete(server, "identifier=urn:s|d0").statusCode()).isEqualTo(204);
        HttpResponse<String> nothing = delete(server, "identifier=urn:s|d0", "Prefer", "return=OperationOutcome");
        assertThat(nothing.statusCode()).isEqualTo(200);
        assertThat(nothing.body()).contains("no Practitioner meets the criteria");
        assertThat(delete(server, "identifier=urn:s|d0", "If-Match", "W/\"1\"").statusCode())
                .isEqualTo(412);

        put("d1", "d1", "a");
        assertThat(delete(server, "identifier=urn:s|d1", "If-Match", "W/\"2\"").statusCode())
                .isEqualTo(412);
        HttpResponse<String> deleted = delete(server, "identifier=urn:s|d1");
        assertThat(deleted.statusCode()).isEqualTo(204);
        assertThat(header(deleted, "ETag")).isEqualTo("W/\"2\"");
        assertThat(Http.send("GET", server.uri(TYPE + "/d1")).statusCode()).isEqualTo(410);

        for (int i = 0; i < 6; i++) {
            put("d6-" + i, "d6", "a");
        }
        HttpResponse<String> refused = delete(server, "identifier=urn:s|d6");
        assertThat(refused.statusCode()).isEqualTo(412);
        assertThat(refused.body()).contains("6 Practitioner meet the criteria, and at most 1 may");
        HttpResponse<String> tooMany = delete(second, "identifier=urn:s|d6");
        assertThat(tooMany.statusCode()).isEqualTo(412);
        assertThat(tooMany.body()).contains("at most 5 may");
        assertThat(total("d6")).isEqualTo(6);

        delete(server, "_id=d6-3");
        HttpResponse<String> many = delete(second, "identifier=urn:s|d6", "Prefer", "return=OperationOutcome");
        assertThat(many.statusCode()).isEqualTo(200);
        assertThat(many.body()).contains("5 Practitioner are deleted");
        assertThat(total("d6")).isZero();
    }

    @ParameterizedTest
    @CsvSource({"?_format=json, 400", "?_count=5, 400", "?identifier=x&_elements=id, 400", "'', 405"})
    void delete_withoutCriteria_isRefused(String query, int status) throws Exception {
        put("kept", "kept", "a");

        assertThat(Http.write("DELETE", second.uri(TYPE + query), "").statusCode())
                .isEqualTo(status);
        assertThat(total("kept")).isEqualTo(1);
    }

    @Test
    void update_byManyWithTheSameCriteria_losesNobody() throws Exception {
        put("many", "many", "start");

        List<HttpResponse<String>> answers = atOnce(client -> Http.write(
                "PUT", either(client).uri(TYPE + "?identifier=urn:s%7Cmany"), practitioner("many", "by" + client)));

        assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(200);
        assertThat(answers).extracting(answer -> header(answer, "ETag")).doesNotHaveDuplicates();
        assertThat(total("many")).isEqualTo(1);
    }

    @Test
    void writes_byManyWithTheSameCriteria_createOne() throws Exception {
        System.out.println("seed " + seed + " (repeat with -Dmiroir.seed=" + seed + ")");
        Random random = new Random(seed);
        for (int round = 0; round < 8; round++) {
            String value = "race" + round;
            boolean creates = round % 4 != 3;
            boolean updates = round % 2 == 1;
            List<String> sameQuestions = List.of(
                    "identifier=urn:s%7C" + value + "&family=race",
                    "family=RACE&identifier=urn:s%7C" + value,
                    "family=race&identifier=urn:s%7C" + value + ",urn:s%7C" + value);
            List<String> questions = IntStream.range(0, 32)
                    .mapToObj(client -> sameQuestions.get(random.nextInt(sameQuestions.size())))
                    .toList();
            List<HttpResponse<String>> answers = atOnce(client -> {
                String json = practitioner(value, "race");
                boolean update = updates && (!creates || client % 2 == 0);
                return update
                        ? Http.write("PUT", either(client).uri(TYPE + "?" + questions.get(client)), json)
                        : Http.write("POST", either(client).uri(TYPE), json, "If-None-Exist", questions.get(client));
            });

            assertThat(answers)
                    .extracting(HttpResponse::statusCode)
                    .as("round %s", round)
                    .containsOnlyOnce(201)
                    .containsOnly(200, 201);
            assertThat(total(value)).isEqualTo(1);
            assertThat(answers.stream().map(ConditionalWriteIT::path).distinct())
                    .hasSize(1);
        }
    }

    @Test
    void delete_byManyWithTheSameCriteria_deletesOnce() throws Exception {
        put("gone", "gone", "a");

        List<HttpResponse<String>> answers =
                atOnce(client -> Http.write("DELETE", either(client).uri(TYPE + "?identifier=urn:s%7Cgone"), ""));

        assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(204);
        assertThat(answers)
                .filteredOn(answer -> answer.headers().firstValue("ETag").isPresent())
                .hasSize(1);
    }

    @Test
    void hapiClient_writesConditionally() {
        FhirContext context = FhirContext.forR4Cached();
        context.getRestfulClientFactory().setServerValidationMode(ServerValidationModeEnum.NEVER);
        IGenericClient client = context.newRestfulGenericClient(server.base());
        client.registerInterceptor(new BearerTokenAuthInterceptor(TestServer.TOKEN));
        Practitioner practitioner = new Practitioner();
        practitioner.addIdentifier().setSystem("urn:s").setValue("hapi é");

        MethodOutcome created = client.create()
                .resource(practitioner)
                .conditional()
                .where(Practitioner.IDENTIFIER.exactly().systemAndIdentifier("urn:s", "hapi é"))
                .execute();
        MethodOutcome found = client.create()
                .resource(practitioner)
                .conditionalByUrl("Practitioner?identifier=urn:s%7Chapi%20%C3%A9")
                .execute();
        practitioner.setActive(true);
        MethodOutcome updated = client.update()
                .resource(practitioner)
                .conditional()
                .where(Practitioner.IDENTIFIER.exactly().systemAndIdentifier("urn:s", "hapi é"))
                .execute();
        client.delete()
                .resourceConditionalByType(Practitioner.class)
                .where(Practitioner.IDENTIFIER.exactly().systemAndIdentifier("urn:s", "hapi é"))
                .execute();

        assertThat(created.getCreated()).isTrue();
        assertThat(found.getId().getValue()).isEqualTo(created.getId().getValue());
        assertThat(updated.getId().getIdPart()).isEqualTo(created.getId().getIdPart());
        assertThat(updated.getId().getVersionIdPart()).isEqualTo("2");
        assertThat(client.history()
                        .onInstance(created.getId().toUnqualifiedVersionless())
                        .returnBundle(Bundle.class)
                        .execute()
                        .getEntry())
                .hasSize(3);
    }

    private interface Request {
        HttpResponse<String> send(int client) throws Exception;
    }

    private static List<HttpResponse<String>> atOnce(Request request) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(32);
        try {
            List<Callable<HttpResponse<String>>> calls = IntStream.range(0, 32)
                    .<Callable<HttpResponse<String>>>mapToObj(client -> () -> request.send(client))
                    .toList();
            List<HttpResponse<String>> answers = new ArrayList<>();
            for (Future<HttpResponse<String>> answer : clients.invokeAll(calls)) {
                answers.add(answer.get());
            }
            return answers;
        } finally {
            clients.shutdown();
        }
    }

    private TestServer either(int client) {
        return client % 3 == 0 ? second : server;
    }

    private HttpResponse<String> create(String value, String criteria, String... headers) throws Exception {
        String[] all = Stream.concat(Stream.of("If-None-Exist", criteria), Stream.of(headers))
                .toArray(String[]::new);
        return Http.write("POST", server.uri(TYPE), practitioner(value, "made"), all);
    }

    private HttpResponse<String> update(String criteria, String json, String... headers) throws Exception {
        return Http.write("PUT", server.uri(TYPE + "?" + criteria.replace("|", "%7C")), json, headers);
    }

    private static HttpResponse<String> delete(TestServer server, String criteria, String... headers) throws Exception {
        return Http.write("DELETE", server.uri(TYPE + "?" + criteria.replace("|", "%7C")), "", headers);
    }

    private void put(String id, String value, String family) throws Exception {
        String json = practitioner(value, family).replaceFirst("\\{", "{\"id\":\"" + id + "\",");
        Http.write("PUT", server.uri(TYPE + "/" + id), json);
    }

    private long total(String value) throws Exception {
        String query = "?_summary=count&identifier=" + URLEncoder.encode("urn:s|" + value, StandardCharsets.UTF_8);
        String body = Http.send("GET", server.uri(TYPE + query)).body();
        return Long.parseLong(body.replaceAll("(?s).*\"total\":(\\d+).*", "$1"));
    }

    private static String practitioner(String value, String family) {
        return "{\"resourceType\":\"Practitioner\",\"identifier\":[{\"system\":\"urn:s\",\"value\":\"" + value
                + "\"}],\"name\":[{\"family\":\"" + family + "\"}]}";
    }

    /** Of the resource, on whatever server. */
    private static String path(HttpResponse<String> answer) {
        String location = answer.headers()
                .firstValue("Location")
                .or(() -> answer.headers().firstValue("Content-Location"))
                .orElseThrow();
        return location.replaceAll(".*(/fhir/.*)/_history/.*", "$1");
    }

    private static String header(HttpResponse<String> answer, String name) {
        return answer.headers().firstValue(name).orElseThrow();
    }
}
