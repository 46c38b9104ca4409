package miroir.server.fhir;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.annotation.Create;
import ca.uhn.fhir.rest.annotation.Delete;
import ca.uhn.fhir.rest.annotation.History;
import ca.uhn.fhir.rest.annotation.Operation;
import ca.uhn.fhir.rest.annotation.Patch;
import ca.uhn.fhir.rest.annotation.Read;
import ca.uhn.fhir.rest.annotation.Search;
import ca.uhn.fhir.rest.annotation.Transaction;
import ca.uhn.fhir.rest.annotation.Update;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.server.Http;
import miroir.server.TestServer;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Practitioner;
import org.junit.jupiter.api.Test;

/** Nothing that a provider returns is sent as it is: it is written from bytes, or it is made a model first. */
final class AnswerHooksIT {
    private static final List<Class<? extends Annotation>> PROVED_HERE = List.of(
            Read.class,
            Create.class,
            Update.class,
            Patch.class,
            Delete.class,
            Search.class,
            History.class,
            Transaction.class,
            Operation.class);
    private static final String SENT =
            "{\"resourceType\":\"Practitioner\",\"id\":\"p1\",\"name\":[{\"family\":\"Lefèvre\"}]}";

    private static final String META =
            "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"meta\",\"valueMeta\":"
                    + "{\"tag\":[{\"code\":\"t\"}]}}]}";
    private static final String BATCH =
            "{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":[{\"request\":{\"method\":\"GET\",\"url\":\"Practitioner/p1\"}}]}";

    @Test
    void provider_hasNoMethodThatIsNotProvedHere() {
        List<Method> methods = Stream.of(
                        TypeProvider.class,
                        SystemProvider.class,
                        EverythingProvider.class,
                        MetaProvider.class,
                        ValidateProvider.class,
                        ByIdentifierProvider.class,
                        CodeSystemProvider.class,
                        ValueSetProvider.class)
                .flatMap(provider -> Arrays.stream(provider.getDeclaredMethods()))
                .filter(method -> method.getAnnotations().length > 0 && !method.isBridge())
                .filter(method -> !method.getName().equals("getResourceType"))
                .toList();

        assertThat(methods)
                .hasSize(PROVED_HERE.size() + 20) // three histories, two searches, eighteen operations
                .allSatisfy(method ->
                        assertThat(PROVED_HERE).anyMatch(annotation -> method.getAnnotation(annotation) != null));
    }

    @Test
    void answers_areTheSameFromBytesAndFromModels() throws Exception {
        try (TestServer raw = TestServer.start();
                TestServer ordinary = TestServer.start("", TestServer.memory(), true)) {
            for (TestServer server : List.of(raw, ordinary)) {
                assertThat(model(Http.write("PUT", server.uri("/fhir/Practitioner/p1"), SENT)))
                        .isEqualTo("Lefèvre 1");
                assertThat(model(Http.send("GET", server.uri("/fhir/Practitioner/p1"))))
                        .isEqualTo("Lefèvre 1");
                HttpResponse<String> created = Http.write("POST", server.uri("/fhir/Practitioner"), SENT);
                assertThat(created.statusCode()).isEqualTo(201);
                assertThat(model(created)).isEqualTo("Lefèvre 1");
                assertThat(bundle(Http.send("GET", server.uri("/fhir/Practitioner?family=lef"))))
                        .isEqualTo("searchset 2: Lefèvre, Lefèvre");
                assertThat(model(Http.send("GET", server.uri("/fhir/Practitioner/p1/_history/1"))))
                        .isEqualTo("Lefèvre 1");
                assertThat(bundle(Http.send("GET", server.uri("/fhir/Practitioner/p1/_history"))))
                        .isEqualTo("history 1: Lefèvre");
                for (String history : List.of("/fhir/Practitioner/_history", "/fhir/_history")) {
                    assertThat(bundle(Http.send("GET", server.uri(history)))).isEqualTo("history 2: Lefèvre, Lefèvre");
                }
                assertThat(bundle(Http.send("GET", server.uri("/fhir?_type=Practitioner"))))
                        .isEqualTo("searchset 2: Lefèvre, Lefèvre");
                assertThat(bundle(Http.send("GET", server.uri("/fhir/Practitioner/p1/$everything"))))
                        .isEqualTo("searchset 1: Lefèvre");
                checkOperationsOnCodes(server);
                assertThat(Http.send("GET", server.uri("/fhir/$directory-search?family=lef"))
                                .body())
                        .contains("\"searchset\"");
                assertThat(bundle(Http.write("POST", server.uri("/fhir"), BATCH)))
                        .isEqualTo("batch-response 0: Lefèvre");
                for (String path : List.of("/Practitioner/p1/$meta", "/Practitioner/$meta", "/$meta")) {
                    assertThat(Http.send("GET", server.uri("/fhir" + path)).body())
                            .startsWith(
                                    "{\"resourceType\":\"Parameters\",\"parameter\":[{\"name\":\"return\",\"valueMeta\":{");
                }
                assertThat(Http.send("GET", server.uri("/fhir/Practitioner/p1/$seen"))
                                .body())
                        .contains("\"firstSeen\"", "\"valueBoolean\":true");
                for (HttpResponse<String> validated : List.of(
                        Http.write("POST", server.uri("/fhir/Practitioner/$validate"), SENT),
                        Http.send("GET", server.uri("/fhir/Practitioner/p1/$validate")))) {
                    assertThat(validated.body()).contains("OperationOutcome", "no problem was found");
                }
                for (String way : List.of("add", "delete")) {
                    assertThat(Http.write("POST", server.uri("/fhir/Practitioner/p1/$meta-" + way), META)
                                    .body())
                            .contains("\"valueMeta\"");
                }
                assertThat(model(patched(created))).isEqualTo("Lefebvre 2");
                HttpResponse<String> deleted = Http.write("DELETE", server.uri("/fhir/Practitioner/p1"), "");
                assertThat(deleted.statusCode()).isEqualTo(204);
                assertThat(deleted.body()).isEmpty();
                HttpResponse<String> erased = Http.write("POST", server.uri("/fhir/Practitioner/p1/$erase"), "");
                assertThat(erased.statusCode()).as(erased.body()).isEqualTo(200);
                assertThat(erased.body()).contains("Practitioner/p1 is erased as version 5");
            }
        }
    }

    private static void checkOperationsOnCodes(TestServer server) throws Exception {
        Http.write("PUT", server.uri("/fhir/CodeSystem/c"), """
                {"resourceType":"CodeSystem","id":"c","url":"urn:c","identifier":[{"value":"i"}],"status":"active","content":"complete",
                 "concept":[{"code":"a","display":"A"}]}""");
        Http.write("PUT", server.uri("/fhir/ValueSet/v"), """
                {"resourceType":"ValueSet","id":"v","url":"urn:v","status":"active","compose":{"include":[{"system":"urn:c"}]}}""");
        for (String validation : List.of(
                "CodeSystem/$validate-code?url=urn:c&code=a",
                "CodeSystem/c/$validate-code?code=a",
                "ValueSet/$validate-code?url=urn:v&code=a",
                "ValueSet/v/$validate-code?code=a")) {
            assertThat(Http.send("GET", server.uri("/fhir/" + validation)).body())
                    .contains("\"valueBoolean\":true");
        }
        for (String expansion : List.of("ValueSet/$expand?url=urn:v", "ValueSet/v/$expand")) {
            assertThat(Http.send("GET", server.uri("/fhir/" + expansion)).body())
                    .contains("\"total\":1");
        }
        assertThat(Http.send("GET", server.uri("/fhir/CodeSystem/$lookup?system=urn:c&code=a"))
                        .body())
                .contains("\"valueString\":\"A\"");
        assertThat(Http.send("GET", server.uri("/fhir/CodeSystem/$by-identifier?value=i"))
                        .body())
                .contains("\"urn:c\"");
    }

    private static HttpResponse<String> patched(HttpResponse<String> created) throws Exception {
        String location = created.headers().firstValue("Location").orElseThrow();
        return Http.send(
                "PATCH",
                URI.create(location.replace("/_history/1", "")),
                "[{\"op\":\"replace\",\"path\":\"/name/0/family\",\"value\":\"Lefebvre\"}]".getBytes(UTF_8),
                "Content-Type",
                "application/json-patch+json",
                "Authorization",
                "Bearer " + TestServer.TOKEN);
    }

    private static String model(HttpResponse<String> response) {
        Practitioner practitioner =
                FhirContext.forR4Cached().newJsonParser().parseResource(Practitioner.class, response.body());
        return practitioner.getNameFirstRep().getFamily() + " "
                + practitioner.getMeta().getVersionId();
    }

    private static String bundle(HttpResponse<String> response) {
        Bundle bundle = FhirContext.forR4Cached().newJsonParser().parseResource(Bundle.class, response.body());
        return bundle.getType().toCode() + " " + bundle.getTotal() + ": "
                + bundle.getEntry().stream()
                        .map(entry -> ((Practitioner) entry.getResource())
                                .getNameFirstRep()
                                .getFamily())
                        .collect(Collectors.joining(", "));
    }
}
