package miroir.server;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.parser.StrictErrorHandler;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleEntryComponent;
import org.hl7.fhir.r4.model.Practitioner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("smoke")
final class HistoryIT {
    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void put(String key, boolean active) throws Exception {
        String[] parts = key.split("/", -1);
        HttpResponse<String> written = Http.write(
                "PUT",
                server.uri("/fhir/" + key),
                "{\"resourceType\":\"" + parts[0] + "\",\"id\":\"" + parts[1] + "\",\"active\":" + active + "}");
        assertThat(written.statusCode()).as(written.body()).isIn(200, 201);
        letTheClockGoOn();
    }

    private void delete(String key) throws Exception {
        assertThat(Http.write("DELETE", server.uri("/fhir/" + key), "").statusCode())
                .isEqualTo(204);
        letTheClockGoOn();
    }

    /** What is committed in the same millisecond has another order than that in which it was asked for. */
    private static void letTheClockGoOn() {
        long committed = System.currentTimeMillis();
        while (System.currentTimeMillis() == committed) {
            Thread.onSpinWait();
        }
    }

    private Bundle history(String path) throws Exception {
        return bundle(server.uri("/fhir/" + path));
    }

    private static Bundle bundle(URI uri) throws Exception {
        HttpResponse<String> answer = Http.send("GET", uri);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return FhirContext.forR4Cached()
                .newJsonParser()
                .setParserErrorHandler(new StrictErrorHandler())
                .parseResource(Bundle.class, answer.body());
    }

    private static List<String> changes(Bundle bundle) {
        return bundle.getEntry().stream().map(HistoryIT::change).toList();
    }

    private static String change(BundleEntryComponent entry) {
        return entry.getRequest().getMethod() + " " + entry.getRequest().getUrl() + " "
                + entry.getResponse().getStatus() + " " + entry.getResponse().getEtag();
    }

    @Test
    void history_ofAnInstance_hasEveryVersionWithTheRequestThatMadeIt() throws Exception {
        put("Practitioner/p", true);
        put("Practitioner/p", false);
        put("Practitioner/other", true);
        delete("Practitioner/p");
        put("Practitioner/p", true);
        Bundle bundle = history("Practitioner/p/_history");

        assertThat(bundle.getType()).isEqualTo(Bundle.BundleType.HISTORY);
        assertThat(bundle.getTotal()).isEqualTo(4);
        assertThat(bundle.getLink()).hasSize(1);
        assertThat(bundle.getLink("self").getUrl()).isEqualTo(server.base() + "/Practitioner/p/_history");
        assertThat(changes(bundle))
                .containsExactly(
                        "PUT Practitioner/p 201 W/\"4\"",
                        "DELETE Practitioner/p 204 W/\"3\"",
                        "PUT Practitioner/p 200 W/\"2\"",
                        "PUT Practitioner/p 201 W/\"1\"");
        assertThat(bundle.getEntry()).allSatisfy(entry -> {
            assertThat(entry.getFullUrl()).isEqualTo(server.base() + "/Practitioner/p");
            assertThat(entry.getResource() == null).isEqualTo(entry.getRequest().getMethod() == Bundle.HTTPVerb.DELETE);
            if (entry.getResource() != null) {
                assertThat(entry.getResponse().getLastModified())
                        .isEqualTo(entry.getResource().getMeta().getLastUpdated());
                assertThat(entry.getResponse().getEtag())
                        .isEqualTo("W/\"" + entry.getResource().getMeta().getVersionId() + "\"");
            }
        });
    }

    @Test
    void history_ofAResourceCreatedByPost_saysSo() throws Exception {
        HttpResponse<String> created =
                Http.write("POST", server.uri("/fhir/Practitioner"), "{\"resourceType\":\"Practitioner\"}");
        String location = created.headers().firstValue("Location").orElseThrow();

        Bundle bundle = bundle(URI.create(location.replaceAll("/1$", "")));

        assertThat(changes(bundle)).containsExactly("POST Practitioner 201 W/\"1\"");
        assertThat(bundle.getEntryFirstRep().getFullUrl()).isEqualTo(location.replaceAll("/_history/1$", ""));
    }

    @Test
    void history_ofTypeAndSystem_hasTheirVersions() throws Exception {
        put("Practitioner/p", true);
        put("Organization/o", true);
        delete("Practitioner/p");

        assertThat(changes(history("Practitioner/_history")))
                .containsExactly("DELETE Practitioner/p 204 W/\"2\"", "PUT Practitioner/p 201 W/\"1\"");
        assertThat(changes(history("_history")))
                .containsExactlyInAnyOrder(
                        "DELETE Practitioner/p 204 W/\"2\"",
                        "PUT Organization/o 201 W/\"1\"",
                        "PUT Practitioner/p 201 W/\"1\"");
        assertThat(history("Device/_history").getEntry()).isEmpty();
        assertThat(history("Device/_history").getTotal()).isZero();
    }

    @Test
    void history_ofParts_showsThemOnEveryPage() throws Exception {
        put("Practitioner/p", true);
        put("Practitioner/p", false);
        delete("Practitioner/p");

        Bundle first = history("Practitioner/p/_history?_elements=name&_count=2");
        Bundle second = bundle(URI.create(first.getLink("next").getUrl()));

        assertThat(List.of(first.getEntry().get(1), second.getEntryFirstRep())).allSatisfy(entry -> {
            Practitioner shown = (Practitioner) entry.getResource();
            assertThat(shown.hasActive()).isFalse();
            assertThat(shown.getMeta().getTag("http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "SUBSETTED"))
                    .isNotNull();
        });
        assertThat(Http.send("GET", server.uri("/fhir/_history?_elements=name")).statusCode())
                .isEqualTo(400);
        assertThat(Http.send("GET", server.uri("/fhir/_history?_summary=text")).statusCode())
                .isEqualTo(200);
        assertThat(Http.send("GET", server.uri("/fhir/_history?_summary=count")).statusCode())
                .isEqualTo(400);
    }

    @Test
    void history_ofADeletedResource_isAnswered() throws Exception {
        put("Practitioner/p", true);
        delete("Practitioner/p");

        assertThat(history("Practitioner/p/_history").getEntry()).hasSize(2);
    }

    @Test
    void pages_whileOthersWrite_showWhatTheFirstOneSettled() throws Exception {
        for (int i = 0; i < 7; i++) {
            put("Practitioner/p" + i, true);
        }
        Bundle page = history("Practitioner/_history?_count=3&_pretty=true");
        String asOf = page.getMeta().getLastUpdatedElement().getValueAsString();
        List<String> seen = new ArrayList<>(changes(page));
        assertThat(page.hasTotal()).isFalse();
        assertThat(page.getLink("self").getUrl()).endsWith("/Practitioner/_history?_count=3&_pretty=true");
        while (page.getLink("next") != null) {
            awaitTick(Instant.parse(asOf));
            put("Practitioner/p0", seen.size() % 2 == 0);
            put("Practitioner/new" + seen.size(), true);
            String next = page.getLink("next").getUrl();
            assertThat(next).contains("/Practitioner/_history?_page=").endsWith("&_pretty=true");
            page = bundle(URI.create(next));
            assertThat(page.getLink("self").getUrl()).isEqualTo(next);
            assertThat(page.getMeta().getLastUpdatedElement().getValueAsString())
                    .isEqualTo(asOf);
            assertThat(page.hasTotal()).isFalse();
            seen.addAll(changes(page));
        }

        assertThat(seen)
                .hasSize(7)
                .allMatch(change -> change.matches("PUT Practitioner/p\\d 201 W/\"1\""))
                .doesNotHaveDuplicates();
    }

    /** As long as a URL can be; the link to the next page is none of that. */
    @Test
    void pages_ofHundredsOfElements_haveShortLinksThatWork() throws Exception {
        for (int i = 0; i < 3; i++) {
            put("Practitioner/p" + i, true);
        }
        String elements = "active,Practitioner.active,name,Practitioner.name,".repeat(300) + "gender";

        Bundle page = history("Practitioner/_history?_count=2&_elements=" + elements);
        String next = page.getLink("next").getUrl();
        Bundle last = bundle(URI.create(next));

        assertThat(next).hasSizeLessThan(500);
        assertThat(last.getEntry()).hasSize(1);
        assertThat(last.getEntryFirstRep().getResource().getMeta().getTag()).isNotEmpty();
    }

    @Test
    void pages_ofAFilteredHistory_keepTheFilter() throws Exception {
        for (int i = 0; i < 6; i++) {
            put("Practitioner/p", i % 2 == 0);
        }
        String third = history("Practitioner/p/_history")
                .getEntry()
                .get(3)
                .getResource()
                .getMeta()
                .getLastUpdatedElement()
                .getValueAsString()
                .replace("+", "%2B");
        Bundle first = history("Practitioner/p/_history?_count=3&_since=" + third);
        Bundle last = bundle(URI.create(first.getLink("next").getUrl()));

        assertThat(first.getEntry()).hasSize(3);
        assertThat(changes(last)).containsExactly("PUT Practitioner/p 200 W/\"3\"");
        assertThat(last.getLink("next")).isNull();
    }

    @Test
    void since_theLastAnswer_missesNothing() throws Exception {
        put("Practitioner/a", true);
        Bundle first = history("Practitioner/_history");
        Instant asOf = first.getMeta().getLastUpdated().toInstant();
        awaitTick(asOf);
        put("Practitioner/b", true);
        delete("Practitioner/a");
        Bundle next = history("Practitioner/_history?_since="
                + first.getMeta().getLastUpdatedElement().getValueAsString());

        assertThat(changes(next)).contains("DELETE Practitioner/a 204 W/\"2\"", "PUT Practitioner/b 201 W/\"1\"");
        assertThat(next.getMeta().getLastUpdated().toInstant()).isAfter(asOf);
    }

    @Test
    void since_aTimeWithoutChanges_isEmptyAndNotUnknown() throws Exception {
        put("Practitioner/p", true);
        Bundle bundle = history("Practitioner/p/_history?_since=2999");

        assertThat(bundle.getEntry()).isEmpty();
        assertThat(bundle.getTotal()).isZero();
        assertThat(bundle.getLink("self").getUrl()).endsWith("_history?_since=2999");
    }

    @Test
    void at_anInstant_hasTheVersionThatWasCurrent() throws Exception {
        put("Practitioner/p", true);
        put("Practitioner/p", false);
        put("Practitioner/p", true);
        String second = history("Practitioner/p/_history")
                .getEntry()
                .get(1)
                .getResponse()
                .getLastModifiedElement()
                .getValueAsString();

        assertThat(changes(history("Practitioner/p/_history?_at=" + second)))
                .containsExactly("PUT Practitioner/p 200 W/\"2\"");
        assertThat(history("Practitioner/p/_history?_at=1789").getEntry()).isEmpty();
        assertThat(history("Practitioner/p/_history?_at=" + second.substring(0, 4))
                        .getEntry())
                .hasSize(3);
    }

    @Test
    void next_ofAnotherHistoryOrOfASearch_isRefused() throws Exception {
        put("Practitioner/p", true);
        put("Practitioner/p", false);
        put("Practitioner/q", false);
        String ofInstance =
                history("Practitioner/p/_history?_count=1").getLink("next").getUrl();
        String ofSearch = history("Practitioner?_count=1").getLink("next").getUrl();

        for (String wrong : List.of(
                ofInstance.replace("/p/_history", "/q/_history"),
                ofInstance.replace("/p/_history", "/_history"),
                ofInstance.replace("/Practitioner/p/_history", "/_history"),
                ofInstance.replace("/p/_history", ""),
                ofSearch.replace("/Practitioner?", "/Practitioner/_history?"))) {
            assertThat(Http.send("GET", URI.create(wrong)).statusCode())
                    .as(wrong)
                    .isEqualTo(400);
        }
        assertThat(Http.send("GET", URI.create(ofInstance)).statusCode()).isEqualTo(200);
    }

    @Test
    void history_byHead_hasNoBody() throws Exception {
        put("Practitioner/p", true);

        for (String path : List.of("_history", "Practitioner/_history", "Practitioner/p/_history")) {
            HttpResponse<String> head = Http.send("HEAD", server.uri("/fhir/" + path));
            assertThat(head.statusCode()).as(path).isEqualTo(200);
            assertThat(head.body()).isEmpty();
        }
    }

    /** Until the store's clock shows another millisecond, so that what is written next comes after. */
    private static void awaitTick(Instant instant) {
        while (!Instant.now().isAfter(instant.plusMillis(1))) {
            Thread.onSpinWait();
        }
    }

    @Test
    void oldestFirst_isFollowedByLinks_thatMissNothing() throws Exception {
        put("Practitioner/f1", true);
        put("Organization/f2", true);
        put("Practitioner/f1", false);

        Bundle first = history("_history?_sort=_lastUpdated&_count=2");
        assertThat(versions(first)).containsExactly("Practitioner/f1 1", "Organization/f2 1");
        assertThat(first.hasTotal()).isFalse();
        Bundle last = bundle(URI.create(first.getLink("next").getUrl()));
        assertThat(versions(last)).containsExactly("Practitioner/f1 2");
        assertThat(last.getLink("next")).isNull();

        Bundle nothing = bundle(URI.create(last.getLink("monitor").getUrl()));
        assertThat(nothing.getEntry()).isEmpty();
        delete("Practitioner/f1");
        put("Organization/f2", false);
        Bundle more = bundle(URI.create(nothing.getLink("monitor").getUrl()));
        assertThat(versions(more)).containsExactly("Practitioner/f1 3", "Organization/f2 2");
        assertThat(versions(bundle(URI.create(last.getLink("monitor").getUrl()))))
                .isEqualTo(versions(more));
        assertThat(versions(history("Organization/_history?_sort=_lastUpdated&_since="
                        + more.getEntry().get(1).getResponse().getLastModified().toInstant())))
                .containsExactly("Organization/f2 2");
    }

    @Test
    void events_areWhatIsCommitted_andGoOnBehindWhatWasHad() throws Exception {
        put("Practitioner/h1", true);
        HttpRequest.Builder asked =
                HttpRequest.newBuilder(server.uri("/fhir/_history?_count=2")).header("Accept", "text/event-stream");
        String last;
        try (Events events = new Events(asked.build())) {
            put("Practitioner/h2", true);
            assertThat(versions(events.next())).containsExactly("Practitioner/h2 1");
            put("Practitioner/h1", false);
            assertThat(versions(events.next())).containsExactly("Practitioner/h1 2");
            last = events.id();
        }
        put("Practitioner/h3", true);
        put("Practitioner/h4", true);
        put("Practitioner/h5", true);
        try (Events events = new Events(asked.header("Last-Event-ID", last).build())) {
            assertThat(versions(events.next())).containsExactly("Practitioner/h3 1", "Practitioner/h4 1");
            assertThat(versions(events.next())).containsExactly("Practitioner/h5 1");
        }
        assertThat(Http.send("GET", server.uri("/fhir/_history?_at=2020"), "Accept", "text/event-stream")
                        .statusCode())
                .isEqualTo(400);
        assertThat(Http.send(
                                "GET",
                                server.uri("/fhir/_history"),
                                "Accept",
                                "text/event-stream",
                                "Last-Event-ID",
                                "forged")
                        .statusCode())
                .isEqualTo(400);
    }

    @Test
    void stream_saysWhereItBegins_soThatWhoIsCutOffBeforeTheFirstEventLosesNothing() throws Exception {
        HttpRequest.Builder asked =
                HttpRequest.newBuilder(server.uri("/fhir/_history")).header("Accept", "text/event-stream");
        String place;
        try (Events events = new Events(asked.build())) {
            place = events.place();
        }
        put("Practitioner/p1", true);

        try (Events events = new Events(asked.header("Last-Event-ID", place).build())) {
            assertThat(versions(events.next())).containsExactly("Practitioner/p1 1");
        }
    }

    /** A stream of events while somebody listens. */
    private static final class Events implements AutoCloseable {
        private final Iterator<String> lines;
        private final Stream<String> body;
        private String id = "";

        Events(HttpRequest request) throws Exception {
            HttpResponse<Stream<String>> answer =
                    HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofLines());
            assertThat(answer.statusCode()).isEqualTo(200);
            body = answer.body();
            lines = body.iterator();
        }

        /** Where it begins, before anything happens. */
        String place() {
            while (id.isEmpty()) {
                String line = lines.next();
                if (line.startsWith("id: ")) {
                    id = line.substring(4);
                }
            }
            return id;
        }

        Bundle next() {
            while (true) {
                String line = lines.next();
                if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("data: ")) {
                    return FhirContext.forR4Cached().newJsonParser().parseResource(Bundle.class, line.substring(6));
                }
            }
        }

        String id() {
            return id;
        }

        @Override
        public void close() {
            body.close();
        }
    }

    @Test
    void oldestFirst_ofOneResource_orAsAtAnInstant_isRefused() throws Exception {
        put("Practitioner/g1", true);
        for (String path : new String[] {
            "Practitioner/g1/_history?_sort=_lastUpdated", "Practitioner/_history?_sort=_lastUpdated&_at=2020"
        }) {
            assertThat(Http.send("GET", server.uri("/fhir/" + path)).statusCode())
                    .as(path)
                    .isEqualTo(400);
        }
    }

    /** {@code Type/id version}, in order. */
    private static List<String> versions(Bundle bundle) {
        return bundle.getEntry().stream()
                .map(entry -> entry.getFullUrl().replaceFirst(".*/fhir/", "") + " "
                        + entry.getResponse().getEtag().replaceAll("\\D", ""))
                .toList();
    }
}
