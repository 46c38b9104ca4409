package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.api.SearchTotalModeEnum;
import ca.uhn.fhir.rest.client.api.IGenericClient;
import ca.uhn.fhir.rest.client.api.ServerValidationModeEnum;
import ca.uhn.fhir.rest.client.interceptor.BearerTokenAuthInterceptor;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import miroir.index.generated.Proves;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.hl7.fhir.r4.model.Address;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.SearchEntryMode;
import org.hl7.fhir.r4.model.Organization;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.PractitionerRole;
import org.hl7.fhir.r4.model.Reference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Searches over references, as a client asks them: thirty practitioners with a role in one of three places. */
@Tag("smoke")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(MongoExtension.class)
final class LinkedSearchIT {
    private static final List<String> POSTAL_CODES = List.of("75012", "54000", "2A004");

    private static final int MOST_INCLUDED = 7;

    private TestServer server;
    private IGenericClient client;

    @BeforeAll
    void start(TestDatabase database) throws Exception {
        server = TestServer.start("search: {maximumIncluded: " + MOST_INCLUDED + "}\n", database);
        FhirContext context = FhirContext.forR4Cached();
        context.getRestfulClientFactory().setServerValidationMode(ServerValidationModeEnum.NEVER);
        client = context.newRestfulGenericClient(server.base());
        client.registerInterceptor(new BearerTokenAuthInterceptor(TestServer.TOKEN));
        for (int i = 0; i < POSTAL_CODES.size(); i++) {
            Organization organization = new Organization();
            organization.setId("o" + i);
            organization.setName("Hôpital " + i).addAddress(new Address().setPostalCode(POSTAL_CODES.get(i)));
            client.update().resource(organization).execute();
        }
        for (int i = 0; i < 30; i++) {
            Practitioner practitioner = new Practitioner();
            practitioner.setId("p" + i);
            practitioner.setActive(i % 2 == 0).addName().setFamily("Martin" + i);
            client.update().resource(practitioner).execute();
            PractitionerRole role = new PractitionerRole();
            role.setId("r" + i);
            role.setPractitioner(new Reference("Practitioner/p" + i))
                    .setOrganization(new Reference("Organization/o" + i % 3));
            client.update().resource(role).execute();
        }
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private Bundle search(String query) {
        return client.search()
                .byUrl(query)
                .totalMode(SearchTotalModeEnum.ACCURATE)
                .returnBundle(Bundle.class)
                .execute();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "PractitionerRole?organization.address-postalcode=75; 10",
                "PractitionerRole?organization:Organization.name=hopital; 30",
                "PractitionerRole?organization.name=hopital 1&practitioner.active=true; 5",
                "Practitioner?_has:PractitionerRole:practitioner:organization.address-postalcode=75,54; 20",
                "Practitioner?active=true&_has:PractitionerRole:practitioner:organization.address-postalcode=75; 5",
                "Organization?_has:PractitionerRole:organization:practitioner.family=martin29; 1",
                "Organization?_has:PractitionerRole:organization:practitioner.family=nobody; 0",
            })
    @Proves({"chain", "_has", "a chain within _has"})
    void search_overReferences_pagesThroughAllMatches(String query, int total) {
        List<String> found = new ArrayList<>();
        Bundle page = search(query.replace(" ", "%20") + "&_count=4");
        int announced = page.getTotal();
        while (true) {
            page.getEntry()
                    .forEach(entry ->
                            found.add(entry.getResource().getIdElement().getIdPart()));
            if (page.getLink("next") == null) {
                break;
            }
            page = client.loadPage().next(page).execute();
        }

        assertThat(announced).isEqualTo(total);
        assertThat(found).hasSize(total).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "PractitionerRole?_id=r4&_include=PractitionerRole:practitioner; Practitioner/p4",
                "PractitionerRole?_id=r4&_include=*; Practitioner/p4 Organization/o1",
                "PractitionerRole?_id=r4&_include=PractitionerRole:practitioner:Practitioner; Practitioner/p4",
                "PractitionerRole?organization=o1&_count=100&_include=PractitionerRole:organization; Organization/o1",
                "Practitioner?_id=p3&_revinclude=PractitionerRole:practitioner; PractitionerRole/r3",
                "Practitioner?_id=p3&_revinclude=PractitionerRole:practitioner&_include:iterate=PractitionerRole:organization; PractitionerRole/r3 Organization/o0",
                "Practitioner?_id=p3&_revinclude=PractitionerRole:practitioner&_include=PractitionerRole:organization; PractitionerRole/r3",
                "Practitioner?_id=p3&_revinclude=*; PractitionerRole/r3",
                "Practitioner?_id=p3&_include=*; ''",
                "PractitionerRole?_id=r4&_include=*&_count=0; ''",
            })
    @Proves({
        "_include",
        "_include, target type",
        "_include, all references: *",
        "_include:iterate, and :recurse",
        "_revinclude",
        "_revinclude, whatever refers to it: *",
        "included resources have a mode, stand once, and are not counted"
    })
    void search_withInclusions_answersWhatBelongsToTheMatches(String query, String included) {
        Bundle bundle = search(query);

        assertThat(bundle.getEntry().stream()
                        .filter(entry -> entry.getSearch().getMode() == SearchEntryMode.INCLUDE)
                        .map(entry -> entry.getResource().fhirType() + "/"
                                + entry.getResource().getIdElement().getIdPart()))
                .containsExactlyInAnyOrder(included.isEmpty() ? new String[0] : included.split(" "));
        assertThat(bundle.getEntry())
                .allSatisfy(entry -> assertThat(entry.getFullUrl()).startsWith(server.base()));
        assertThat(bundle.getLink("self").getUrl()).contains("include");
        assertThat(bundle.getTotal())
                .isEqualTo(search(query.replaceAll("&_(rev)?include[^&]*", "")).getTotal());
    }

    @Test
    @Proves({"more than may be included is said", "_revinclude:iterate"})
    void search_withMoreToIncludeThanIsAllowed_saysSo() throws Exception {
        Bundle bundle = search("Organization?_id=o1&_revinclude=PractitionerRole:organization&_revinclude:iterate=*");
        assertThat(bundle.getEntry()).hasSize(1 + MOST_INCLUDED + 1);
        assertThat(bundle.getEntry().get(MOST_INCLUDED + 1).getSearch().getMode())
                .isEqualTo(SearchEntryMode.OUTCOME);

        Bundle first = search("PractitionerRole?_include=PractitionerRole:practitioner&_count=3");
        Bundle second = client.loadPage().next(first).execute();
        assertThat(second.getEntry()).hasSize(6);
    }

    @Test
    @Proves("reference, id alone that several types have")
    void search_byAnIdAlone_findsReferencesToAllTypes() throws Exception {
        write("Observation/both-p", performedBy("Practitioner/both"));
        write("Observation/both-o", performedBy("Organization/both"));
        write("Observation/other", performedBy("Practitioner/other"));

        assertThat(ids(search("Observation?performer=both"))).containsExactlyInAnyOrder("both-p", "both-o");
        assertThat(ids(search("Observation?performer:Practitioner=both"))).containsExactly("both-p");
        assertThat(ids(search("Observation?performer=Organization/both"))).containsExactly("both-o");
    }

    @Test
    @Proves("_include of one version")
    void search_includingAReferenceToAVersion_bringsTheCurrentOne() throws Exception {
        write("Practitioner/twice", "{\"resourceType\":\"Practitioner\",\"name\":[{\"family\":\"Before\"}]}");
        write("Practitioner/twice", "{\"resourceType\":\"Practitioner\",\"name\":[{\"family\":\"Now\"}]}");
        write("Observation/old", performedBy("Practitioner/twice/_history/1"));

        Bundle found = search("Observation?_id=old&_include=Observation:performer");
        assertThat(ids(found)).containsExactly("old", "twice");
        assertThat(found.getEntry().get(1).getResource().getMeta().getVersionId())
                .isEqualTo("2");
        assertThat(ids(search("Observation?performer=Practitioner/twice"))).containsExactly("old");
    }

    @Test
    @Proves({"chain into a contained resource", "_contained, _containedType"})
    void search_ofContainedResources_isRefusedAndChainsDoNotReachThem() throws Exception {
        write("PractitionerRole/container", """
                {"resourceType":"PractitionerRole","organization":{"reference":"#o"},
                 "contained":[{"resourceType":"Organization","id":"o","name":"Within"}]}""");

        assertThat(ids(search("PractitionerRole?organization.name=within"))).isEmpty();
        assertThat(ids(search("PractitionerRole?_id=container&_include=*&_contained=false")))
                .containsExactly("container");
        for (String contained : List.of("_contained=true", "_contained=both", "_containedType=contained")) {
            URI uri = server.uri("/fhir/Organization?name=within&" + contained);
            HttpResponse<String> refused = Http.send("GET", uri);
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
            assertThat(refused.body()).contains(contained.replaceAll("=.*", " is not supported"));
            assertThat(Http.send("GET", uri, "Prefer", "handling=lenient").statusCode())
                    .isEqualTo(400);
        }
        client.delete().resourceById("PractitionerRole", "container").execute();
    }

    private static String performedBy(String reference) {
        return "{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{\"text\":\"x\"},\"performer\":[{\"reference\":\""
                + reference + "\"}]}";
    }

    private void write(String key, String json) throws Exception {
        String id = key.substring(key.indexOf('/') + 1);
        HttpResponse<String> written = Http.write(
                "PUT", server.uri("/fhir/" + key), json.replaceFirst("\",\\s*", "\",\"id\":\"" + id + "\","));
        assertThat(written.statusCode()).as(written.body()).isIn(200, 201);
    }

    private static List<String> ids(Bundle bundle) {
        return bundle.getEntry().stream()
                .map(entry -> entry.getResource().getIdElement().getIdPart())
                .toList();
    }

    @Test
    void search_overReferencesThatAreNone_namesWhatIsAllowed() throws Exception {
        HttpResponse<String> refused = Http.send("GET", server.uri("/fhir/PractitionerRole?organisation.name=x"));

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("did you mean \\\"organization\\\"", "http.organisation.name");
    }

    @Test
    void search_overReferences_seesWhatWasWrittenJustNow() {
        PractitionerRole role = new PractitionerRole();
        role.setId("late");
        role.setPractitioner(new Reference("Practitioner/p1")).setOrganization(new Reference("Organization/none"));
        client.update().resource(role).execute();
        String query = "PractitionerRole?_id=late&organization.name=late";

        assertThat(search(query).getEntry()).isEmpty();
        Organization none = new Organization();
        none.setId("none");
        client.update().resource(none.setName("Late")).execute();
        assertThat(search(query).getEntry()).hasSize(1);
        client.delete().resourceById("Organization", "none").execute();
        assertThat(search(query).getEntry()).isEmpty();
        client.delete().resourceById("PractitionerRole", "late").execute();
    }
}
