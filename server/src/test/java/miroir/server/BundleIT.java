package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.client.api.IGenericClient;
import ca.uhn.fhir.rest.client.api.ServerValidationModeEnum;
import ca.uhn.fhir.rest.client.interceptor.BearerTokenAuthInterceptor;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import miroir.index.generated.Proves;
import miroir.storage.testing.MongoExtension;
import miroir.storage.testing.TestDatabase;
import org.hl7.fhir.r4.model.Binary;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleEntryComponent;
import org.hl7.fhir.r4.model.Bundle.BundleType;
import org.hl7.fhir.r4.model.Bundle.HTTPVerb;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.Organization;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.PractitionerRole;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches and transactions with every verb, on two servers of one database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(MongoExtension.class)
final class BundleIT {
    private static final FhirContext CONTEXT = FhirContext.forR4Cached();

    private TestServer server;
    private TestServer second;
    private TestDatabase mongo;

    @BeforeAll
    void start(TestDatabase database) throws Exception {
        mongo = database;
        server = TestServer.start("limits: {entries: 50}\n", database);
        second = TestServer.start("fhir: {conditionalDelete: 5}\n", database);
    }

    @AfterAll
    void stop() {
        second.close();
        server.close();
    }

    /** It is a true Bundle, which another server may have answered. */
    @Test
    void history_ofAnotherServer_isNotReplayed() throws Exception {
        HttpResponse<String> refused = Http.write("POST", server.uri("/fhir"), """
                {"resourceType":"Bundle","type":"history","entry":[{"fullUrl":"http://x.example/Practitioner/h1",
                 "resource":{"resourceType":"Practitioner","id":"h1"},
                 "request":{"method":"PUT","url":"Practitioner/h1"},
                 "response":{"status":"201","lastModified":"2024-01-01T00:00:00Z","etag":"W/\\"1\\""}}]}""");

        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
        assertThat(refused.body()).contains("\\\"history\\\" is not replayed", "allowed: batch, transaction");
        assertThat(Http.send("GET", server.uri("/fhir/Practitioner/h1")).statusCode())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @EnumSource(
            value = BundleType.class,
            names = {"BATCH", "TRANSACTION"})
    @Proves("in a batch or transaction")
    void everyVerb_isAnsweredInTheOrderOfTheRequest(BundleType type) throws Exception {
        String name = "verbs-" + type.toCode();
        put(practitioner(name + "-put", "before"));
        put(practitioner(name + "-patch", "before"));
        put(practitioner(name + "-fhirpath", "before"));
        put(practitioner(name + "-delete", "before"));
        put(practitioner(name + "-get", "read"));
        Bundle sent = new Bundle();
        sent.setType(type);
        add(sent, HTTPVerb.GET, "Practitioner/" + name + "-get", null);
        add(sent, HTTPVerb.PUT, "Practitioner/" + name + "-put", practitioner(name + "-put", "after"))
                .getRequest()
                .setIfMatch("W/\"1\"");
        add(sent, HTTPVerb.POST, "Practitioner", named(name + "-post"));
        add(sent, HTTPVerb.PATCH, "Practitioner/" + name + "-patch", jsonPatch("patched"));
        add(sent, HTTPVerb.DELETE, "Practitioner/" + name + "-delete", null);
        add(sent, HTTPVerb.GET, "Practitioner?family=" + name + "-post&_count=5", null);
        add(sent, HTTPVerb.POST, "Practitioner/_search?_id=" + name + "-put", null);
        add(sent, HTTPVerb.GET, "Practitioner/" + name + "-get/_history/1", null);
        add(sent, HTTPVerb.GET, "metadata", null);
        add(sent, HTTPVerb.HEAD, "Practitioner/" + name + "-get", null);
        add(sent, HTTPVerb.GET, "Practitioner/" + name + "-get", null)
                .getRequest()
                .setIfNoneMatch("W/\"1\"");

        Bundle answer = answered(send(sent));

        assertThat(answer.getTypeElement().getValueAsString()).isEqualTo(type.toCode() + "-response");
        assertThat(statuses(answer))
                .containsExactly(
                        "200 OK",
                        "200 OK",
                        "201 Created",
                        "200 OK",
                        "204 No Content",
                        "200 OK",
                        "200 OK",
                        "200 OK",
                        "200 OK",
                        "200 OK",
                        "304 Not Modified");
        assertThat(family(resource(answer, 0))).isEqualTo("read");
        assertThat(answer.getEntry().get(0).getFullUrl()).isEqualTo(server.base() + "/Practitioner/" + name + "-get");
        assertThat(answer.getEntry().get(1).hasResource()).isFalse();
        assertThat(answer.getEntry().get(1).getResponse().getEtag()).isEqualTo("W/\"2\"");
        assertThat(answer.getEntry().get(2).getResponse().getLocation())
                .matches(server.base() + "/Practitioner/[0-9a-f-]{36}/_history/1");
        assertThat(answer.getEntry().get(3).getResponse().getEtag()).isEqualTo("W/\"2\"");
        assertThat(answer.getEntry().get(4).getResponse().getEtag()).isEqualTo("W/\"2\"");
        // What was created and updated in the same bundle is found: in a transaction since reads come last.
        assertThat(((Bundle) resource(answer, 5)).getTotal()).isEqualTo(1);
        assertThat(family(((Bundle) resource(answer, 6)).getEntryFirstRep().getResource()))
                .isEqualTo("after");
        assertThat(resource(answer, 8).fhirType()).isEqualTo("CapabilityStatement");
        assertThat(answer.getEntry().get(9).hasResource()).isFalse();
        assertThat(family(read("Practitioner/" + name + "-patch"))).isEqualTo("patched");
        assertThat(status("Practitioner/" + name + "-delete")).isEqualTo(410);
    }

    @ParameterizedTest
    @EnumSource(
            value = BundleType.class,
            names = {"BATCH", "TRANSACTION"})
    void conditionalEntries_doWhatTheyDoAlone(BundleType type) throws Exception {
        String name = "cond-" + type.toCode();
        for (String each : List.of("create", "update", "patch", "delete")) {
            put(identified(name + "-" + each, name + "-" + each));
        }
        Bundle sent = new Bundle();
        sent.setType(type);
        add(sent, HTTPVerb.POST, "Practitioner", identified(null, name + "-create"))
                .getRequest()
                .setIfNoneExist("identifier=urn:s|" + name + "-create");
        add(sent, HTTPVerb.POST, "Practitioner", identified(null, name + "-new"))
                .getRequest()
                .setIfNoneExist("identifier=urn:s|" + name + "-new");
        add(
                sent,
                HTTPVerb.PUT,
                "Practitioner?identifier=urn:s|" + name + "-update",
                family(identified(null, name + "-update"), "after"));
        add(sent, HTTPVerb.PATCH, "Practitioner?identifier=urn:s|" + name + "-patch", jsonPatch("patched"));
        add(sent, HTTPVerb.DELETE, "Practitioner?identifier=urn:s|" + name + "-delete", null);

        Bundle answer = answered(send(sent));

        assertThat(statuses(answer)).containsExactly("200 OK", "201 Created", "200 OK", "200 OK", "204 No Content");
        assertThat(family(read("Practitioner/" + name + "-update"))).isEqualTo("after");
        assertThat(family(read("Practitioner/" + name + "-patch"))).isEqualTo("patched");
        assertThat(status("Practitioner/" + name + "-delete")).isEqualTo(410);
        assertThat(total("Practitioner?identifier=urn:s%7C" + name + "-new")).isEqualTo(1);
        assertThat(statuses(answered(send(sent))).get(1)).as("once more").isEqualTo("200 OK");
    }

    /** The invariant bdl-7: of one version only one entry has the URL. */
    @Test
    void answers_withOneVersionTwice_areValidBundles() throws Exception {
        Bundle before = new Bundle();
        before.setType(BundleType.BATCH);
        add(before, HTTPVerb.PUT, "Practitioner/batch-twice", practitioner("batch-twice", "seen twice"));
        answered(send(before));
        for (BundleType type : List.of(BundleType.BATCH, BundleType.TRANSACTION)) {
            Bundle sent = new Bundle();
            sent.setType(type);
            add(sent, HTTPVerb.GET, "Practitioner/batch-twice", null);
            add(sent, HTTPVerb.GET, "Practitioner/batch-twice", null);

            Bundle answer = answered(send(sent));

            assertThat(answer.getEntry()).hasSize(2).allMatch(Bundle.BundleEntryComponent::hasResource);
            assertThat(answer.getEntry().stream().filter(Bundle.BundleEntryComponent::hasFullUrl))
                    .hasSize(1);
        }
    }

    @Test
    void batch_entryFails_othersAreDone() throws Exception {
        Bundle sent = new Bundle();
        sent.setType(BundleType.BATCH);
        add(sent, HTTPVerb.GET, "Practitioner/unknown", null);
        add(sent, HTTPVerb.PUT, "Practitioner/batch-ok", practitioner("batch-ok", "done"));
        add(sent, HTTPVerb.PUT, "Practitioner/other", practitioner("batch-not-ok", "not done"));
        add(sent, HTTPVerb.GET, "Practitioner?famly=x", null);
        add(sent, HTTPVerb.GET, "https://elsewhere.example/fhir/Practitioner/1", null);
        add(sent, HTTPVerb.GET, "../Practitioner/1", null);
        add(sent, HTTPVerb.DELETE, "Practitioner", null);
        add(sent, HTTPVerb.POST, "Practitioner/batch-ok/$erase", null);
        add(sent, HTTPVerb.POST, "Practitioner", null);
        sent.addEntry().setResource(practitioner("batch-nothing", "asks for nothing"));

        Bundle answer = answered(send(sent));

        assertThat(statuses(answer).stream().map(status -> status.substring(0, 3)))
                .containsExactly("404", "201", "400", "400", "400", "400", "405", "501", "400", "400");
        assertThat(outcome(answer, 3)).contains("famly");
        assertThat(outcome(answer, 4)).contains("elsewhere.example");
        assertThat(family(read("Practitioner/batch-ok"))).isEqualTo("done");
        assertThat(status("Practitioner/batch-not-ok")).isEqualTo(404);
    }

    /** What is written at once has one instant, and what is left as the machine is busy one of its own. */
    @Test
    void batch_ofNewAndChanged_isWrittenTogether() throws Exception {
        for (String family : List.of("new", "changed")) {
            Bundle sent = new Bundle();
            sent.setType(BundleType.BATCH);
            for (int i = 0; i < 20; i++) {
                add(sent, HTTPVerb.PUT, "Practitioner/together-" + i, practitioner("together-" + i, family));
            }
            Bundle answer = answered(send(sent));

            assertThat(statuses(answer)).hasSize(20).containsOnly(family.equals("new") ? "201 Created" : "200 OK");
            assertThat(answer.getEntry().stream()
                            .map(entry -> entry.getResponse().getLastModified())
                            .distinct())
                    .hasSizeLessThan(20);
        }
    }

    @Test
    void batch_structureOfOneResourceIsWrong_othersAreDone() throws Exception {
        String sent = """
                {"resourceType": "Bundle", "type": "batch", "entry": [
                 {"request": {"method": "PUT", "url": "Practitioner/st1"},
                  "resource": {"resourceType": "Practitioner", "id": "st1", "nme": "x"}},
                 {"request": {"method": "PUT", "url": "Practitioner/st2"},
                  "resource": {"resourceType": "Practitioner", "id": "st2"}}]}""";

        Bundle answer = answered(Http.write("POST", server.uri("/fhir"), sent));

        assertThat(statuses(answer)).containsExactly("422 Unprocessable Entity", "201 Created");
        assertThat(outcome(answer, 0)).contains("nme");
    }

    @Test
    void transaction_entryFailsLate_nothingIsWritten() throws Exception {
        put(practitioner("all-1", "before"));
        Bundle sent = new Bundle();
        sent.setType(BundleType.TRANSACTION);
        add(sent, HTTPVerb.PUT, "Practitioner/all-1", practitioner("all-1", "after"));
        add(sent, HTTPVerb.POST, "Practitioner", named("all-post"));
        add(sent, HTTPVerb.GET, "Practitioner/all-unknown", null);

        HttpResponse<String> refused = send(sent);

        assertThat(refused.statusCode()).isEqualTo(404);
        assertThat(refused.body()).contains("entry[2] (GET Practitioner/all-unknown)", "Bundle.entry[2]");
        assertThat(family(read("Practitioner/all-1"))).isEqualTo("before");
        assertThat(total("Practitioner?family=all-post")).isZero();
        assertThat(versions("Practitioner/all-1")).isEqualTo(1);
    }

    @Test
    void transaction_isOneInstant_inHistoryToo() throws Exception {
        put(practitioner("one-1", "before"));
        put(practitioner("one-2", "before"));
        Bundle sent = new Bundle();
        sent.setType(BundleType.TRANSACTION);
        add(sent, HTTPVerb.PUT, "Practitioner/one-1", practitioner("one-1", "after"));
        add(sent, HTTPVerb.DELETE, "Practitioner/one-2", null);
        add(sent, HTTPVerb.PUT, "Organization/one-3", organization("one-3"));
        add(sent, HTTPVerb.GET, "Practitioner/one-1/_history/1", null);

        Bundle answer = answered(send(sent));

        assertThat(answer.getEntry().subList(0, 3))
                .extracting(entry -> entry.getResponse().getLastModified())
                .containsOnly(answer.getEntryFirstRep().getResponse().getLastModified());
        assertThat(family(resource(answer, 3))).isEqualTo("before");
        assertThat(versions("Practitioner/one-1")).isEqualTo(2);
        assertThat(versions("Practitioner/one-2")).isEqualTo(2);
        assertThat(family(read("Practitioner/one-1/_history/1"))).isEqualTo("before");
        Bundle since = (Bundle) read("_history?_since="
                + read("Practitioner/one-1")
                        .getMeta()
                        .getLastUpdatedElement()
                        .getValueAsString()
                        .replace("+", "%2B"));
        assertThat(since.getEntry())
                .extracting(entry -> entry.getFullUrl().replaceAll(".*/fhir/", ""))
                .contains("Practitioner/one-1", "Practitioner/one-2", "Organization/one-3");
        assertThat(statuses(answered(send(sent))))
                .as("again, which changes nothing")
                .startsWith("200 OK", "204 No Content", "200 OK");
        assertThat(versions("Practitioner/one-1")).isEqualTo(2);
    }

    /** Page by page from the answer on, as it was when the transaction was done. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Practitioner?family=PAGED&_count=2                               | 5
            Practitioner?family=PAGED&_count=2&_sort=-_id&_total=accurate    | 5
            Practitioner?family=PAGED&_count=2&_sort=gender                  | 5
            Practitioner?family=PAGED&_lastUpdated=ge2020                    | 5
            Practitioner/_search?family=PAGED&_count=4                       | 5
            ?_type=Practitioner,Organization&_id=PAGED-1,PAGED-2,PAGED-o&_count=1 | 3
            Practitioner/PAGED-1/*?_count=1                                  | 2
            Practitioner/PAGED-1/$everything?_count=1                        | 2
            Practitioner/PAGED-0/_history?_count=1                           | 2
            """)
    @Proves("in a batch or transaction")
    void transaction_readOfSeveralPages_goesOnAfterIt(String url, int expected) throws Exception {
        String name = "paged" + PAGED.incrementAndGet();
        put(practitioner(name + "-0", "before"));
        Bundle sent = new Bundle();
        sent.setType(BundleType.TRANSACTION);
        add(sent, url.contains("_search") ? HTTPVerb.POST : HTTPVerb.GET, url.replace("PAGED", name), null);
        for (int i = 0; i < 5; i++) {
            add(sent, HTTPVerb.PUT, "Practitioner/" + name + "-" + i, practitioner(name + "-" + i, name));
        }
        add(sent, HTTPVerb.PUT, "Organization/" + name + "-o", organization(name + "-o"));
        PractitionerRole role = new PractitionerRole();
        role.setPractitioner(new Reference("Practitioner/" + name + "-1"));
        add(sent, HTTPVerb.POST, "PractitionerRole", role);

        Bundle answer = answered(send(sent));

        assertThat(statuses(answer).get(0)).isEqualTo("200 OK");
        Http.write("DELETE", server.uri("/fhir/Practitioner/" + name + "-4"), "");
        put(practitioner(name + "-5", name));
        Bundle page = (Bundle) answer.getEntryFirstRep().getResource();
        List<String> found = new ArrayList<>(keys(page));
        while (page.getLink("next") != null) {
            URI next = URI.create(page.getLink("next").getUrl());
            page = answered(Http.send("GET", next, "Authorization", "Bearer " + TestServer.TOKEN));
            found.addAll(keys(page));
        }
        assertThat(found).as(url).hasSize(expected);
        assertThat(found).doesNotContain("Practitioner/" + name + "-5");
    }

    private static final AtomicInteger PAGED = new AtomicInteger();

    private static List<String> keys(Bundle page) {
        return page.getEntry().stream()
                .map(entry -> entry.getFullUrl().replaceAll(".*/fhir/", ""))
                .toList();
    }

    /** In one page, and nothing that has to be of an instant: it is read within the transaction. */
    @Test
    void transaction_readAfterwards_isOfItsInstant() throws Exception {
        Bundle sent = new Bundle();
        sent.setType(BundleType.TRANSACTION);
        add(sent, HTTPVerb.PUT, "Practitioner/instant-1", practitioner("instant-1", "instant"));
        add(sent, HTTPVerb.PUT, "Practitioner/instant-2", practitioner("instant-2", "instant"));
        add(sent, HTTPVerb.GET, "Practitioner?family=instant&_count=1", null);
        add(sent, HTTPVerb.GET, "Practitioner?family=instant", null);

        Bundle answer = answered(send(sent));

        assertThat(resource(answer, 2).getMeta().getLastUpdated())
                .isEqualTo(answer.getEntry().get(0).getResponse().getLastModified());
        assertThat(keys((Bundle) resource(answer, 3))).hasSize(2);
        assertThat(resource(answer, 3).getMeta().hasLastUpdated()).isFalse();
    }

    @Test
    void transaction_entriesReferToEachOther_inCircles() throws Exception {
        Bundle sent = new Bundle();
        sent.setType(BundleType.TRANSACTION);
        String organization = "urn:uuid:05efabf0-4be2-4561-91ce-51548425acb9";
        String other = "urn:oid:1.2.3";
        Organization first = organization(null);
        first.setName("a text is no link: " + organization);
        first.setPartOf(new Reference(other));
        first.getText()
                .setDivAsString("<div xmlns=\"http://www.w3.org/1999/xhtml\"><a href=\"" + other + "\">x</a></div>");
        first.getText().setStatusAsString("generated");
        first.addExtension("http://x.example/e", new org.hl7.fhir.r4.model.UriType(other));
        first.addExtension("http://x.example/c", new org.hl7.fhir.r4.model.CanonicalType(other));
        Organization second = organization(null);
        second.setPartOf(new Reference(organization));
        PractitionerRole role = new PractitionerRole();
        role.setOrganization(new Reference(organization));
        role.setPractitioner(new Reference("Practitioner/relative"));
        Practitioner relative = practitioner("relative", "relative");
        add(sent, HTTPVerb.POST, "PractitionerRole", role).setFullUrl("http://a.example/fhir/PractitionerRole/1");
        add(sent, HTTPVerb.POST, "Organization", first).setFullUrl(organization);
        add(sent, HTTPVerb.POST, "Organization", second).setFullUrl(other);
        add(sent, HTTPVerb.POST, "Practitioner", relative).setFullUrl("http://a.example/fhir/Practitioner/relative");

        Bundle answer = answered(send(sent));

        List<String> ids = answer.getEntry().stream()
                .map(entry -> entry.getResponse().getLocation().replaceAll(".*/fhir/([^/]+/[^/]+)/.*", "$1"))
                .toList();
        PractitionerRole storedRole = (PractitionerRole) read(ids.get(0));
        assertThat(storedRole.getOrganization().getReference()).isEqualTo(ids.get(1));
        assertThat(storedRole.getPractitioner().getReference()).isEqualTo(ids.get(3));
        Organization stored = (Organization) read(ids.get(1));
        assertThat(stored.getPartOf().getReference()).isEqualTo(ids.get(2));
        assertThat(stored.getName()).endsWith(organization);
        assertThat(stored.getText().getDivAsString()).contains("href=\"" + ids.get(2) + "\"");
        assertThat(stored.getExtensionByUrl("http://x.example/e").getValue().primitiveValue())
                .isEqualTo(ids.get(2));
        assertThat(stored.getExtensionByUrl("http://x.example/c").getValue().primitiveValue())
                .isEqualTo(other);
        assertThat(((Organization) read(ids.get(2))).getPartOf().getReference()).isEqualTo(ids.get(1));
    }

    @Test
    void transaction_referencesByCriteria_findWhatIsThereAndWhatTheSameTransactionMakes() throws Exception {
        put(identified("by-criteria", "by-criteria"));
        Bundle sent = new Bundle();
        sent.setType(BundleType.TRANSACTION);
        PractitionerRole role = new PractitionerRole();
        role.setId("by-criteria");
        role.setPractitioner(new Reference("Practitioner?identifier=urn:s|by-criteria"));
        role.setOrganization(new Reference("Organization?identifier=urn:s|by-criteria-new"));
        add(sent, HTTPVerb.PUT, "PractitionerRole/by-criteria", role);
        Organization organization = organization(null);
        organization.addIdentifier().setSystem("urn:s").setValue("by-criteria-new");
        add(sent, HTTPVerb.POST, "Organization", organization);

        Bundle answer = answered(send(sent));

        PractitionerRole stored = (PractitionerRole) read("PractitionerRole/by-criteria");
        assertThat(stored.getPractitioner().getReference()).isEqualTo("Practitioner/by-criteria");
        assertThat(answer.getEntry().get(1).getResponse().getLocation())
                .contains(stored.getOrganization().getReference());

        role.setPractitioner(new Reference("Practitioner?identifier=urn:s|nobody"));
        HttpResponse<String> refused = send(sent);
        assertThat(refused.statusCode()).isEqualTo(412);
        assertThat(refused.body()).contains("urn:s|nobody", "entry[0]");
    }

    @Test
    void transaction_conditionalCreatesWithTheSameCriteria_makeOneThatAllReferTo() throws Exception {
        Bundle sent = new Bundle();
        sent.setType(BundleType.TRANSACTION);
        for (int i = 0; i < 2; i++) {
            add(sent, HTTPVerb.POST, "Practitioner", identified(null, "same"))
                    .setFullUrl("urn:uuid:00000000-0000-4000-8000-00000000000" + i)
                    .getRequest()
                    .setIfNoneExist("identifier=urn:s|same");
            PractitionerRole role = new PractitionerRole();
            role.setId("same-" + i);
            role.setPractitioner(new Reference("urn:uuid:00000000-0000-4000-8000-00000000000" + i));
            add(sent, HTTPVerb.PUT, "PractitionerRole/same-" + i, role);
        }

        Bundle answer = answered(send(sent));

        assertThat(statuses(answer)).containsExactly("201 Created", "201 Created", "200 OK", "201 Created");
        assertThat(total("Practitioner?identifier=urn:s%7Csame")).isEqualTo(1);
        assertThat(((PractitionerRole) read("PractitionerRole/same-0"))
                        .getPractitioner()
                        .getReference())
                .isEqualTo(((PractitionerRole) read("PractitionerRole/same-1"))
                        .getPractitioner()
                        .getReference());
    }

    @Test
    void transaction_criteriaInAnotherOrder_areTheSame() throws Exception {
        Bundle sent = new Bundle();
        sent.setType(BundleType.TRANSACTION);
        for (String criteria :
                List.of("identifier=urn:s|order&family=identified", "family=identified&identifier=urn:s|order")) {
            add(sent, HTTPVerb.POST, "Practitioner", identified(null, "order"))
                    .getRequest()
                    .setIfNoneExist(criteria);
        }

        assertThat(statuses(answered(send(sent)))).containsExactly("201 Created", "200 OK");
        assertThat(total("Practitioner?identifier=urn:s%7Corder")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Practitioner/gone", "Practitioner?identifier=urn:s%7Cgone"})
    void transaction_createsWhatItsCriteriaFoundBeforeADeletion(String deleted) throws Exception {
        put(identified("gone", "gone"));
        Bundle sent = new Bundle();
        sent.setType(BundleType.TRANSACTION);
        add(sent, HTTPVerb.POST, "Practitioner", identified(null, "gone"))
                .setFullUrl("urn:uuid:00000000-0000-4000-8000-000000000009")
                .getRequest()
                .setIfNoneExist("identifier=urn:s|gone");
        add(sent, HTTPVerb.DELETE, deleted, null);
        PractitionerRole role = new PractitionerRole();
        role.setId("gone");
        role.setPractitioner(new Reference("urn:uuid:00000000-0000-4000-8000-000000000009"));
        add(sent, HTTPVerb.PUT, "PractitionerRole/gone", role);

        Bundle answer = answered(send(sent));

        assertThat(statuses(answer).get(0)).isEqualTo("201 Created");
        String created = ((PractitionerRole) read("PractitionerRole/gone"))
                .getPractitioner()
                .getReference();
        assertThat(answer.getEntry().get(0).getResponse().getLocation()).contains(created);
        assertThat(status("Practitioner/gone")).isEqualTo(410);
        Http.write("DELETE", server.uri("/fhir/" + created), "");
    }

    /** As each alone; the whole URL too. */
    @Test
    @Proves("in a batch or transaction")
    void batch_searchesOfSeveralTypes_andInCompartments_areAnswered() throws Exception {
        put(practitioner("several", "several"));
        PractitionerRole role = new PractitionerRole();
        role.setId("several");
        role.setPractitioner(new Reference("Practitioner/several"));
        put(role);
        Bundle sent = new Bundle();
        sent.setType(BundleType.BATCH);
        add(sent, HTTPVerb.GET, "?_type=Practitioner,PractitionerRole&_id=several", null);
        add(sent, HTTPVerb.GET, server.base() + "?_type=Practitioner,PractitionerRole&_id=several", null);
        add(sent, HTTPVerb.POST, "Practitioner/_search?_id=several", null);
        add(sent, HTTPVerb.GET, "Practitioner/several/*", null);
        add(sent, HTTPVerb.GET, "Practitioner/several/PractitionerRole", null);
        add(sent, HTTPVerb.GET, "Practitioner/nobody/PractitionerRole", null);
        add(sent, HTTPVerb.GET, "Practitioner/several/$everything", null);

        Bundle answer = answered(send(sent));

        assertThat(statuses(answer)).containsOnly("200 OK");
        assertThat(answer.getEntry())
                .extracting(entry -> ((Bundle) entry.getResource())
                        .getEntry().stream()
                                .map(found -> found.getResource().fhirType())
                                .collect(Collectors.joining(" ")))
                .containsExactly(
                        "Practitioner PractitionerRole",
                        "Practitioner PractitionerRole",
                        "Practitioner",
                        "Practitioner PractitionerRole",
                        "PractitionerRole",
                        "",
                        "Practitioner PractitionerRole");
    }

    /** What is short to send may be long to answer. */
    @ParameterizedTest
    @EnumSource(
            value = BundleType.class,
            names = {"BATCH", "TRANSACTION"})
    void writes_answeredBeyondTheLimit_areMinimal(BundleType type) throws Exception {
        Practitioner large = identified("minimal", "minimal");
        large.getText().setStatusAsString("generated");
        large.getText().setDivAsString("<div>" + "x".repeat(3 << 20) + "</div>");
        put(large);
        Bundle sent = new Bundle();
        sent.setType(type);
        for (int i = 0; i < 4; i++) {
            add(sent, HTTPVerb.POST, "Practitioner", identified(null, "minimal"))
                    .getRequest()
                    .setIfNoneExist("identifier=urn:s|minimal");
        }

        Bundle answer = answered(Http.write(
                "POST",
                server.uri("/fhir"),
                CONTEXT.newJsonParser().encodeResourceToString(sent),
                "Prefer",
                "return=representation"));

        assertThat(statuses(answer)).hasSize(4).containsOnly("200 OK");
        assertThat(answer.getEntry())
                .extracting(BundleEntryComponent::hasResource)
                .containsExactly(true, true, true, false);
        assertThat(answer.getEntry().get(3).getResponse().getEtag()).isEqualTo("W/\"1\"");
    }

    /** It refuses before it has done all, and says where. */
    @Test
    void transaction_timeIsOver_isRefusedWithTheEntry() throws Exception {
        try (TestServer hasty = TestServer.start("database: {operationTimeout: 1ms}\n", mongo)) {
            Bundle sent = new Bundle();
            sent.setType(BundleType.TRANSACTION);
            for (int i = 0; i < 50; i++) {
                add(sent, HTTPVerb.PUT, "Practitioner/hasty-" + i, practitioner("hasty-" + i, "hasty"));
            }

            HttpResponse<String> refused = send(hasty, sent);

            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
            assertThat(refused.body()).contains("(PUT Practitioner/hasty-", "operationTimeout");
            assertThat(total("Practitioner?family=hasty")).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            PUT Practitioner/d1 · DELETE Practitioner/d1                            | 400 | Practitioner/d1
            PUT Practitioner/d2 · PUT Practitioner?identifier=urn:s%7Cd2            | 400 | Practitioner/d2
            DELETE Practitioner/d2 · DELETE Practitioner?identifier=urn:s%7Cd2      | 400 | Practitioner/d2
            PUT Practitioner/d2 · GET Practitioner/none/_history                    | 404 | Practitioner/none is not known
            PUT Practitioner/d2 · GET Practitioner/none/$everything                 | 404 | Practitioner/none is not known
            PUT Practitioner/d2 · GET Practitioner/_history?_count=0                | 400 | _count=0
            PUT Practitioner/d2 · GET ?_type=Practitioner&nonsense=1                | 400 | nonsense
            PUT Practitioner/d2 · GET Practitioner?_count=1&nonsense=1              | 400 | nonsense
            PUT Practitioner/d3 · POST $nonsense                                    | 501 | operation
            POST Practitioner/1                                                     | 400 | POST does not work
            DELETE Practitioner                                                     | 400 | DELETE does not work
            GET http://elsewhere.example/fhir/Practitioner/1                        | 400 | elsewhere.example
            PUT Unknown/1                                                           | 404 | Unknown""")
    void transaction_thatCannotBe_isRefusedAsAWhole(String requests, int status, String named) throws Exception {
        put(identified("d1", "d1"));
        put(identified("d2", "d2"));
        Bundle sent = new Bundle();
        sent.setType(BundleType.TRANSACTION);
        for (String request : requests.split(" · ", -1)) {
            String[] parts = (request + " ").split(" ", 2);
            HTTPVerb verb = HTTPVerb.valueOf(parts[0]);
            String id = parts[1].strip().replaceAll("[^/?]*/?(\\w*).*", "$1");
            Resource resource = verb == HTTPVerb.PUT ? identified(id.isEmpty() ? null : id, "d2") : null;
            add(sent, verb, parts[1].strip(), resource);
        }

        HttpResponse<String> refused = send(sent);

        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(status);
        assertThat(refused.body()).contains(named, "OperationOutcome");
        assertThat(versions("Practitioner/d2")).isEqualTo(1);
    }

    @Test
    void bundle_thatIsNone_isRefused() throws Exception {
        Map<String, Integer> sent = Map.of(
                "{\"resourceType\":\"Practitioner\"}",
                400,
                "{\"resourceType\":\"Bundle\",\"type\":\"collection\"}",
                400,
                "{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":\"x\"}",
                422,
                "{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":[{\"request\":{\"method\":\"get\",\"url\":\"x\"}}]}",
                422,
                "{\"resourceType\":\"Bundle\",\"type\":\"batch\",\"entry\":[{\"resource\":7}]}",
                422,
                "[]",
                400,
                "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":["
                        + entries(20_000, "{\"request\":{\"method\":\"GET\",\"url\":\"Practitioner\"}}") + "]}",
                413,
                "{\"resourceType\":\"Bundle\",\"type\":\"transaction\",\"entry\":["
                        + entries(
                                2,
                                "{\"fullUrl\":\"urn:uuid:1\",\"request\":{\"method\":\"GET\",\"url\":\"Practitioner\"}}")
                        + "]}",
                400);
        for (Map.Entry<String, Integer> each : sent.entrySet()) {
            HttpResponse<String> refused = Http.write("POST", server.uri("/fhir"), each.getKey());
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(each.getValue());
            assertThat(refused.body()).contains("OperationOutcome");
        }
        assertThat(answered(Http.write(
                                "POST", server.uri("/fhir"), "{\"resourceType\":\"Bundle\",\"type\":\"transaction\"}"))
                        .getEntry())
                .isEmpty();
    }

    @Test
    void bundle_inXml_isAnsweredInXml() throws Exception {
        Bundle sent = new Bundle();
        sent.setType(BundleType.TRANSACTION);
        add(sent, HTTPVerb.PUT, "Practitioner/xml", practitioner("xml", "markup"));
        add(sent, HTTPVerb.GET, "Practitioner?_id=xml", null);

        HttpResponse<String> answer = Http.send(
                "POST",
                server.uri("/fhir"),
                CONTEXT.newXmlParser().encodeResourceToString(sent).getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "application/fhir+xml",
                "Accept",
                "application/fhir+xml",
                "Prefer",
                "return=representation",
                "Authorization",
                "Bearer " + TestServer.TOKEN);

        Bundle read = CONTEXT.newXmlParser().parseResource(Bundle.class, answer.body());
        assertThat(statuses(read)).containsExactly("201 Created", "200 OK");
        assertThat(family(resource(read, 0))).isEqualTo("markup");
        assertThat(((Bundle) resource(read, 1)).getTotal()).isEqualTo(1);
    }

    @Test
    void reader_mayReadInABundle_andNotWrite() throws Exception {
        put(practitioner("reader", "read"));
        Bundle sent = new Bundle();
        sent.setType(BundleType.BATCH);
        add(sent, HTTPVerb.GET, "Practitioner/reader", null);
        add(sent, HTTPVerb.DELETE, "Practitioner/reader", null);

        HttpResponse<String> answer = Http.send(
                "POST",
                server.uri("/fhir"),
                CONTEXT.newJsonParser().encodeResourceToString(sent).getBytes(StandardCharsets.UTF_8),
                "Content-Type",
                "application/fhir+json");

        assertThat(statuses(answered(answer))).containsExactly("200 OK", "401 Unauthorized");
        assertThat(status("Practitioner/reader")).isEqualTo(200);
    }

    @Test
    void hapiClient_sendsATransaction() {
        CONTEXT.getRestfulClientFactory().setServerValidationMode(ServerValidationModeEnum.NEVER);
        IGenericClient client = CONTEXT.newRestfulGenericClient(server.base());
        client.registerInterceptor(new BearerTokenAuthInterceptor(TestServer.TOKEN));
        Bundle sent = new Bundle();
        sent.setType(BundleType.TRANSACTION);
        add(sent, HTTPVerb.PUT, "Practitioner/hapi", practitioner("hapi", "client"));

        Bundle answer = client.transaction().withBundle(sent).execute();

        assertThat(statuses(answer)).containsExactly("201 Created");
    }

    /** Each moves one unit from one counter to another one, in both orders: with a lost update, or with half of one, the sum changes. */
    @Test
    void transactions_manyAtOnceOnTheSame_loseNothingAndLeaveNoHalf() throws Exception {
        int counters = 4;
        for (int i = 0; i < counters; i++) {
            put(practitioner("counter-" + i, "100"));
        }
        ExecutorService clients = Executors.newFixedThreadPool(16);
        try {
            List<Callable<Integer>> moves = IntStream.range(0, 48)
                    .<Callable<Integer>>mapToObj(i ->
                            () -> moved(i % 2 == 0 ? server : second, i % counters, (i + 1 + i / 16 % 3) % counters))
                    .toList();
            int done = 0;
            for (Future<Integer> move : clients.invokeAll(moves)) {
                done += move.get();
            }
            assertThat(done).isEqualTo(48);
        } finally {
            clients.shutdownNow();
        }
        int sum = 0;
        int versions = 0;
        for (int i = 0; i < counters; i++) {
            sum += Integer.parseInt(family(read("Practitioner/counter-" + i)));
            versions += versions("Practitioner/counter-" + i);
        }
        assertThat(sum).isEqualTo(100 * counters);
        assertThat(versions).isEqualTo(counters + 2 * 48);
    }

    /** Tries until it is done; returns 1. */
    private int moved(TestServer by, int from, int to) throws Exception {
        while (true) {
            Practitioner one = (Practitioner) read("Practitioner/counter-" + from);
            Practitioner other = (Practitioner) read("Practitioner/counter-" + to);
            Bundle sent = new Bundle();
            sent.setType(BundleType.TRANSACTION);
            add(sent, HTTPVerb.PUT, "Practitioner/counter-" + from, plus(one, -1))
                    .getRequest()
                    .setIfMatch("W/\"" + one.getIdElement().getVersionIdPart() + "\"");
            add(sent, HTTPVerb.PUT, "Practitioner/counter-" + to, plus(other, 1))
                    .getRequest()
                    .setIfMatch("W/\"" + other.getIdElement().getVersionIdPart() + "\"");
            HttpResponse<String> answer = send(by, sent);
            if (answer.statusCode() == 200) {
                return 1;
            }
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(412);
        }
    }

    private static Practitioner plus(Practitioner counter, int by) {
        int value = Integer.parseInt(counter.getNameFirstRep().getFamily()) + by;
        return practitioner(counter.getIdElement().getIdPart(), Integer.toString(value));
    }

    @Test
    void conditionalCreates_inTransactionsAndAlone_makeOne() throws Exception {
        Bundle sent = new Bundle();
        sent.setType(BundleType.TRANSACTION);
        add(sent, HTTPVerb.POST, "Practitioner", identified(null, "race"))
                .getRequest()
                .setIfNoneExist("identifier=urn:s|race");
        String alone = CONTEXT.newJsonParser().encodeResourceToString(identified(null, "race"));
        ExecutorService clients = Executors.newFixedThreadPool(16);
        try {
            List<Callable<HttpResponse<String>>> creates = IntStream.range(0, 16)
                    .<Callable<HttpResponse<String>>>mapToObj(i -> () -> i % 2 == 0
                            ? send(i % 4 == 0 ? server : second, sent)
                            : Http.write(
                                    "POST",
                                    (i % 4 == 1 ? server : second).uri("/fhir/Practitioner"),
                                    alone,
                                    "If-None-Exist",
                                    "identifier=urn:s|race"))
                    .toList();
            for (Future<HttpResponse<String>> each : clients.invokeAll(creates)) {
                assertThat(each.get().statusCode()).as(each.get().body()).isIn(200, 201);
            }
        } finally {
            clients.shutdownNow();
        }
        assertThat(total("Practitioner?identifier=urn:s%7Crace")).isEqualTo(1);
    }

    @Test
    void transaction_withoutReplicaSet_isRefusedAndNotAdvertised() throws Exception {
        try (TestServer alone = TestServer.start()) {
            HttpResponse<String> refused =
                    Http.write("POST", alone.uri("/fhir"), "{\"resourceType\":\"Bundle\",\"type\":\"transaction\"}");
            assertThat(refused.statusCode()).isEqualTo(501);
            assertThat(refused.body()).contains("replica set");
            assertThat(Http.send("GET", alone.uri("/fhir/metadata")).body())
                    .contains("\"batch\"")
                    .doesNotContain("\"transaction\"");
        }
        assertThat(Http.send("GET", server.uri("/fhir/metadata")).body()).contains("\"transaction\"", "\"batch\"");
    }

    private static String entries(int count, String entry) {
        return IntStream.range(0, count).mapToObj(i -> entry).collect(Collectors.joining(","));
    }

    private HttpResponse<String> send(Bundle bundle) throws Exception {
        return send(server, bundle);
    }

    private static HttpResponse<String> send(TestServer to, Bundle bundle) throws Exception {
        return Http.write("POST", to.uri("/fhir"), CONTEXT.newJsonParser().encodeResourceToString(bundle));
    }

    private static Bundle answered(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return CONTEXT.newJsonParser().parseResource(Bundle.class, answer.body());
    }

    private static List<String> statuses(Bundle answer) {
        return answer.getEntry().stream()
                .map(entry -> entry.getResponse().getStatus())
                .toList();
    }

    private static Resource resource(Bundle answer, int index) {
        return answer.getEntry().get(index).getResource();
    }

    private static String outcome(Bundle answer, int index) {
        OperationOutcome outcome =
                (OperationOutcome) answer.getEntry().get(index).getResponse().getOutcome();
        return outcome.getIssueFirstRep().getDiagnostics();
    }

    private static BundleEntryComponent add(Bundle bundle, HTTPVerb method, String url, @Nullable Resource resource) {
        BundleEntryComponent entry = bundle.addEntry().setResource(resource);
        entry.getRequest().setMethod(method).setUrl(url);
        return entry;
    }

    private static Practitioner named(String family) {
        Practitioner practitioner = new Practitioner();
        practitioner.addName().setFamily(family);
        return practitioner;
    }

    private static Practitioner practitioner(String id, String family) {
        Practitioner practitioner = named(family);
        practitioner.setId(id);
        return practitioner;
    }

    private static Practitioner identified(@Nullable String id, String identifier) {
        Practitioner practitioner = named("identified");
        practitioner.addIdentifier().setSystem("urn:s").setValue(identifier);
        if (id != null) {
            practitioner.setId(id);
        }
        return practitioner;
    }

    private static Practitioner family(Practitioner practitioner, String family) {
        practitioner.getNameFirstRep().setFamily(family);
        return practitioner;
    }

    private static Organization organization(@Nullable String id) {
        Organization organization = new Organization();
        organization.setName("organization");
        if (id != null) {
            organization.setId(id);
        }
        return organization;
    }

    private static Binary jsonPatch(String family) {
        Binary patch = new Binary();
        patch.setContentType("application/json-patch+json");
        patch.setData(("[{\"op\":\"replace\",\"path\":\"/name/0/family\",\"value\":\"" + family + "\"}]")
                .getBytes(StandardCharsets.UTF_8));
        return patch;
    }

    private void put(Resource resource) throws Exception {
        String path =
                "/fhir/" + resource.fhirType() + "/" + resource.getIdElement().getIdPart();
        HttpResponse<String> answer =
                Http.write("PUT", server.uri(path), CONTEXT.newJsonParser().encodeResourceToString(resource));
        assertThat(answer.statusCode()).isIn(200, 201);
    }

    private Resource read(String path) throws Exception {
        HttpResponse<String> answer = Http.send("GET", server.uri("/fhir/" + path));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return (Resource) CONTEXT.newJsonParser().parseResource(answer.body());
    }

    private int status(String path) throws Exception {
        return Http.send("GET", server.uri("/fhir/" + path)).statusCode();
    }

    private int total(String path) throws Exception {
        return ((Bundle) read(path)).getTotal();
    }

    private int versions(String path) throws Exception {
        return ((Bundle) read(path + "/_history")).getTotal();
    }

    private static String family(Resource practitioner) {
        return ((Practitioner) practitioner).getNameFirstRep().getFamily();
    }
}
