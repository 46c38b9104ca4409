package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.api.CacheControlDirective;
import ca.uhn.fhir.rest.api.MethodOutcome;
import ca.uhn.fhir.rest.api.SearchTotalModeEnum;
import ca.uhn.fhir.rest.client.api.IGenericClient;
import ca.uhn.fhir.rest.client.api.ServerValidationModeEnum;
import ca.uhn.fhir.rest.client.interceptor.BearerTokenAuthInterceptor;
import ca.uhn.fhir.rest.server.exceptions.PreconditionFailedException;
import ca.uhn.fhir.rest.server.exceptions.ResourceGoneException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import miroir.index.generated.Proves;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.hl7.fhir.instance.model.api.IIdType;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CapabilityStatement;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.HealthcareService;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.Organization;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.StringType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("smoke")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(MongoExtension.class)
final class HapiClientIT {
    private TestServer server;
    private IGenericClient client;

    @BeforeAll
    void start(TestDatabase database) throws Exception {
        server = TestServer.start("search: {cheapTotal: 20}\n", database);
        FhirContext context = FhirContext.forR4Cached();
        context.getRestfulClientFactory().setServerValidationMode(ServerValidationModeEnum.NEVER);
        client = context.newRestfulGenericClient(server.base());
        client.registerInterceptor(new BearerTokenAuthInterceptor(TestServer.TOKEN));
        for (int i = 0; i < 25; i++) {
            Organization organization = new Organization();
            organization.setId("o" + i);
            organization.setName("Hôpital " + i).setActive(i % 2 == 0);
            client.update().resource(organization).execute();
        }
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void client_createsReadsUpdatesAndDeletes() {
        Practitioner practitioner = new Practitioner();
        practitioner.addName().setFamily("Lefèvre");
        MethodOutcome created = client.create().resource(practitioner).execute();
        assertThat(created.getCreated()).isTrue();
        String id = created.getId().getIdPart();

        Practitioner read =
                client.read().resource(Practitioner.class).withId(id).execute();
        assertThat(read.getMeta().getVersionId()).isEqualTo("1");
        assertThat(read.getNameFirstRep().getFamily()).isEqualTo("Lefèvre");

        read.setActive(true);
        MethodOutcome updated = client.update()
                .resource(read)
                .withId(id)
                .withAdditionalHeader("If-Match", "W/\"1\"")
                .execute();
        assertThat(updated.getId().getVersionIdPart()).isEqualTo("2");
        assertThatThrownBy(() -> client.update()
                        .resource(read.setActive(false))
                        .withId(id)
                        .withAdditionalHeader("If-Match", "W/\"1\"")
                        .execute())
                .isInstanceOf(PreconditionFailedException.class);

        client.delete().resourceById("Practitioner", id).execute();
        assertThatThrownBy(() ->
                        client.read().resource(Practitioner.class).withId(id).execute())
                .isInstanceOf(ResourceGoneException.class);
    }

    @Test
    void client_patches() {
        Practitioner practitioner = new Practitioner();
        practitioner.addName().setFamily("Avant");
        IIdType id = client.create().resource(practitioner).execute().getId().toUnqualifiedVersionless();

        MethodOutcome byJson = client.patch()
                .withBody("[{\"op\":\"replace\",\"path\":\"/name/0/family\",\"value\":\"Après\"}]")
                .withId(id)
                .execute();
        assertThat(byJson.getId().getVersionIdPart()).isEqualTo("2");
        Parameters patch = new Parameters();
        Parameters.ParametersParameterComponent operation = patch.addParameter().setName("operation");
        operation.addPart().setName("type").setValue(new CodeType("add"));
        operation.addPart().setName("path").setValue(new StringType("Practitioner"));
        operation.addPart().setName("name").setValue(new StringType("active"));
        operation.addPart().setName("value").setValue(new BooleanType(true));
        MethodOutcome byPath = client.patch().withFhirPatch(patch).withId(id).execute();

        Practitioner patched = (Practitioner) byPath.getResource();
        assertThat(patched.getIdElement().getVersionIdPart()).isEqualTo("3");
        assertThat(patched.getActive()).isTrue();
        assertThat(patched.getNameFirstRep().getFamily()).isEqualTo("Après");
    }

    @Test
    @Proves({"one type", "last", "search.score"})
    void client_pagesThroughASearch() {
        Bundle page = client.search()
                .forResource(Organization.class)
                .where(Organization.ACTIVE.exactly().code("true"))
                .count(5)
                .totalMode(SearchTotalModeEnum.ACCURATE)
                .returnBundle(Bundle.class)
                .execute();
        List<String> ids = new ArrayList<>();
        String self = server.base() + "/Organization?active=true&_count=5&_total=accurate";
        while (true) {
            assertThat(page.getTotal()).isEqualTo(13);
            assertThat(page.getType()).isEqualTo(Bundle.BundleType.SEARCHSET);
            assertThat(page.getLink("self").getUrl()).isEqualTo(self);
            assertThat(page.getLink("last")).isNull();
            page.getEntry().forEach(entry -> {
                assertThat(entry.getSearch().hasScore()).isFalse();
                assertThat(entry.getSearch().getMode()).isEqualTo(Bundle.SearchEntryMode.MATCH);
                assertThat(entry.getFullUrl())
                        .isEqualTo(server.base() + "/Organization/"
                                + entry.getResource().getIdElement().getIdPart());
                ids.add(entry.getResource().getIdElement().getIdPart());
            });
            if (page.getLink("next") == null) {
                break;
            }
            self = page.getLink("next").getUrl();
            page = client.loadPage().next(page).execute();
        }

        assertThat(ids).hasSize(13).doesNotHaveDuplicates();
    }

    @Test
    void client_readsCapabilities() {
        CapabilityStatement capabilities = client.capabilities()
                .ofType(CapabilityStatement.class)
                .cacheControl(new CacheControlDirective().setNoCache(true))
                .execute();

        assertThat(capabilities.getFhirVersion().toCode()).isEqualTo("4.0.1");
        assertThat(capabilities.getRestFirstRep().getResource())
                .extracting(CapabilityStatement.CapabilityStatementRestResourceComponent::getType)
                .contains("Practitioner");
    }

    @Test
    void client_readsVersionsAndHistories() {
        Practitioner practitioner = new Practitioner();
        practitioner.addName().setFamily("Premier");
        IIdType first = client.create().resource(practitioner).execute().getId();
        String id = first.getIdPart();
        practitioner.setId(id);
        practitioner.getNameFirstRep().setFamily("Second");
        client.update().resource(practitioner).execute();
        client.delete().resourceById("Practitioner", id).execute();

        assertThat(client.read()
                        .resource(Practitioner.class)
                        .withIdAndVersion(id, "1")
                        .execute()
                        .getNameFirstRep()
                        .getFamily())
                .isEqualTo("Premier");
        assertThatThrownBy(() -> client.read()
                        .resource(Practitioner.class)
                        .withIdAndVersion(id, "3")
                        .execute())
                .isInstanceOf(ResourceGoneException.class);
        Bundle history = client.history()
                .onInstance(first.toUnqualifiedVersionless())
                .returnBundle(Bundle.class)
                .execute();
        assertThat(history.getType()).isEqualTo(Bundle.BundleType.HISTORY);
        assertThat(history.getEntry())
                .extracting(entry -> entry.getRequest().getMethod() + " "
                        + entry.getRequest().getUrl() + " "
                        + entry.getResponse().getEtag())
                .containsExactly(
                        "DELETE Practitioner/" + id + " W/\"3\"",
                        "PUT Practitioner/" + id + " W/\"2\"",
                        "POST Practitioner W/\"1\"");
    }

    @Test
    void client_pagesThroughHistories() {
        Bundle ofType = client.history()
                .onType(Organization.class)
                .returnBundle(Bundle.class)
                .count(10)
                .execute();
        assertThat(versions(ofType)).hasSize(25).doesNotHaveDuplicates();

        Bundle ofServer =
                client.history().onServer().returnBundle(Bundle.class).count(10).execute();
        assertThat(versions(ofServer)).hasSizeGreaterThanOrEqualTo(25).doesNotHaveDuplicates();
    }

    @Test
    void client_followsWithSince() {
        Bundle before = client.history()
                .onType(HealthcareService.class)
                .returnBundle(Bundle.class)
                .execute();
        client.create().resource(new HealthcareService()).execute();
        Bundle after = client.history()
                .onType(HealthcareService.class)
                .returnBundle(Bundle.class)
                .since(before.getMeta().getLastUpdatedElement())
                .execute();

        assertThat(before.getEntry()).isEmpty();
        assertThat(after.getEntry()).hasSize(1);
    }

    private List<String> versions(Bundle first) {
        List<String> versions = new ArrayList<>();
        Bundle page = first;
        while (true) {
            assertThat(page.getMeta().getLastUpdated())
                    .isEqualTo(first.getMeta().getLastUpdated());
            page.getEntry()
                    .forEach(entry -> versions.add(
                            entry.getFullUrl() + " " + entry.getResponse().getEtag()));
            if (page.getLink("next") == null) {
                return versions;
            }
            page = client.loadPage().next(page).execute();
        }
    }

    @Test
    void client_erases() {
        IIdType id = client.create().resource(new Practitioner()).execute().getId();
        OperationOutcome outcome = client.operation()
                .onInstance(id.toUnqualifiedVersionless())
                .named("$erase")
                .withNoParameters(Parameters.class)
                .returnResourceType(OperationOutcome.class)
                .execute();

        assertThat(outcome.getIssueFirstRep().getDiagnostics()).contains("1 version was removed");
        assertThatThrownBy(() -> client.read()
                        .resource(Practitioner.class)
                        .withId(id.getIdPart())
                        .execute())
                .isInstanceOf(ResourceGoneException.class);
    }

    @Test
    @Proves("POST, parameters in URL and body")
    void search_byPost_mergesUrlAndBody() throws Exception {
        for (String contentType :
                List.of("application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=UTF-8")) {
            HttpResponse<String> found = Http.send(
                    "POST",
                    server.uri("/fhir/Organization/_search?active=true"),
                    "name=h%C3%B4pital%20&_count=3&_total=accurate".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                    "Content-Type",
                    contentType);
            assertThat(found.statusCode()).as(found.body()).isEqualTo(200);
            assertThat(found.body()).contains("\"total\":13").contains("\"relation\":\"next\"");
        }
        HttpResponse<String> latin = Http.send(
                "POST",
                server.uri("/fhir/Organization/_search"),
                "name=h%F4pital".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                "Content-Type",
                "application/x-www-form-urlencoded; charset=ISO-8859-1");
        assertThat(latin.body()).contains("\"total\":25");
    }

    @Test
    void search_byPostWithoutBody_takesTheUrl() throws Exception {
        HttpResponse<String> found =
                Http.send("POST", server.uri("/fhir/Organization/_search?active=true&_total=accurate&_count=1"));

        assertThat(found.body()).contains("\"total\":13");
    }

    @Test
    @Proves({"Prefer: handling=lenient", "what was ignored is an outcome in the bundle"})
    void search_withLenientHandling_warnsAboutWhatItIgnored() throws Exception {
        HttpResponse<String> found =
                Http.send("GET", server.uri("/fhir/Organization?nonsense=1&_count=1"), "Prefer", "handling=lenient");

        Bundle bundle = FhirContext.forR4Cached().newJsonParser().parseResource(Bundle.class, found.body());
        assertThat(bundle.getEntry()).hasSize(2);
        assertThat(bundle.getEntry().get(1).getSearch().getMode()).isEqualTo(Bundle.SearchEntryMode.OUTCOME);
        assertThat(bundle.getLink("self").getUrl()).doesNotContain("nonsense");
    }

    @Test
    void search_withoutPreference_isHandledAsTheServerIsToldTo() throws Exception {
        try (TestServer lenient = TestServer.start("search: {handling: lenient}\n")) {
            HttpResponse<String> ignored = Http.send("GET", lenient.uri("/fhir/Organization?nonsense=1"));
            HttpResponse<String> strict =
                    Http.send("GET", lenient.uri("/fhir/Organization?nonsense=1"), "Prefer", "handling=strict");

            assertThat(ignored.statusCode()).isEqualTo(200);
            assertThat(ignored.body()).contains("nonsense", "\"mode\":\"outcome\"");
            assertThat(strict.statusCode()).isEqualTo(400);
        }
    }

    @Test
    @Proves({"GET", "_count=0: the total only"})
    void search_withCountZero_answersTheTotalOnly() throws Exception {
        HttpResponse<String> found = Http.send("GET", server.uri("/fhir/Organization?_count=0"));

        assertThat(found.body())
                .contains("\"total\":25")
                .doesNotContain("\"entry\"")
                .doesNotContain("\"next\"");
    }

    @ParameterizedTest
    @CsvSource({
        "?_count=20,                 -1",
        "?_count=20&_total=none,     -1",
        "?_count=20&_total=estimate, 25",
        "?_count=0&_total=estimate,  25",
        "?_count=10&_total=estimate&active=true, 13",
        "?_count=20&_total=accurate, 25",
        "?_count=25,                 25",
        "?_count=25&_total=none,     -1",
        "?active=true,               13",
        "?_count=0,                  25",
        "?_count=0&_total=none,      25"
    })
    @Proves({"_total=none", "_total=estimate", "_total=accurate"})
    void total_isCountedForThoseWhoAsk(String query, int expected) throws Exception {
        Bundle bundle = bundle(server.uri("/fhir/Organization" + query.strip()));

        assertThat(bundle.hasTotal() ? bundle.getTotal() : -1).isEqualTo(expected);
    }

    @Test
    void links_keepTheFormatThatWasAskedFor() throws Exception {
        Bundle first = bundle(server.uri("/fhir/Organization?_format=json&_pretty=true&_count=20"));
        Bundle last = bundle(URI.create(first.getLink("next").getUrl()));

        assertThat(first.getLink("self").getUrl()).endsWith("/Organization?_count=20&_format=json&_pretty=true");
        assertThat(first.getLink("next").getUrl()).endsWith("&_format=json&_pretty=true");
        assertThat(last.getLink("self").getUrl())
                .isEqualTo(first.getLink("next").getUrl());
        assertThat(last.getEntry()).hasSize(5);
    }

    private static Bundle bundle(URI uri) throws Exception {
        HttpResponse<String> found = Http.send("GET", uri);
        return FhirContext.forR4Cached().newJsonParser().parseResource(Bundle.class, found.body());
    }

    @Test
    void next_ofAnotherType_isRefused() {
        Bundle page = client.search()
                .forResource(Organization.class)
                .count(1)
                .returnBundle(Bundle.class)
                .execute();
        String next = page.getLink("next").getUrl().replace("/Organization?", "/Practitioner?");

        assertThatThrownBy(() -> client.fetchResourceFromUrl(Bundle.class, next))
                .hasMessageContaining("400");
    }
}
