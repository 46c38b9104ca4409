package miroir.simulator.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import miroir.simulator.Kind;
import miroir.simulator.fault.Fault;
import miroir.simulator.fault.FaultRule;
import org.bson.BsonDocument;
import org.bson.json.JsonParseException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultsIT {
    private static final String PAGES = "/Organization?_count=50";

    private final Simulator simulator =
            Simulator.start(SimulatorSettings.standard().withSize(600));
    private final Client client = new Client(simulator);

    @BeforeEach
    void sound() {
        simulator.faults().clear();
    }

    @AfterAll
    void stop() {
        simulator.close();
    }

    @ParameterizedTest
    @CsvSource({"TOO_MANY_REQUESTS, 429", "BAD_GATEWAY, 502", "GATEWAY_TIMEOUT, 504"})
    void gatewayFault_once_isAnsweredOnceWithItsStatus(Fault fault, int status) throws Exception {
        simulator.faults().add(FaultRule.once(fault));

        HttpResponse<String> answer = client.get(PAGES);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Retry-After")).isEmpty();
        assertThat(answer.body().isEmpty()).isEqualTo(status > 500);
        assertThat(client.get(PAGES).statusCode()).isEqualTo(200);
        assertThat(simulator.faults().happened().get(fault)).isEqualTo(1);
    }

    @Test
    void tooManyRequests_withSeconds_saysWhenToComeAgain() throws Exception {
        simulator.faults().add(FaultRule.once(Fault.TOO_MANY_REQUESTS).seconds(7));

        assertThat(client.get(PAGES).headers().firstValue("Retry-After")).contains("7");
    }

    @Test
    void cut_once_endsTheConnectionInTheMiddle() throws Exception {
        simulator.faults().add(FaultRule.once(Fault.CUT));

        assertThatThrownBy(() -> client.get(PAGES)).isInstanceOf(IOException.class);
        assertThat(client.get(PAGES).statusCode()).isEqualTo(200);
    }

    @Test
    void truncated_once_isASuccessWithoutAnEnd() throws Exception {
        simulator.faults().add(FaultRule.once(Fault.TRUNCATED));

        HttpResponse<String> answer = client.get(PAGES);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThatThrownBy(() -> BsonDocument.parse(answer.body())).isInstanceOf(JsonParseException.class);
    }

    @ParameterizedTest
    @CsvSource({"LINK_TOO_OLD, 500", "LINK_BAD, 400", "LINK_NOT_FOUND, 404", "LINK_GONE, 410"})
    void deadLink_onTheThirdPage_staysDead(Fault fault, int status) throws Exception {
        simulator.faults().add(FaultRule.once(fault).onPage(3));
        BsonDocument second = follow(client.bundle(PAGES));
        URI third = URI.create(Client.link(second, "next").orElseThrow());

        assertThat(client.send(HttpRequest.newBuilder(third)).statusCode()).isEqualTo(status);
        assertThat(client.send(HttpRequest.newBuilder(third)).statusCode()).isEqualTo(status);
        assertThat(client.get(PAGES).statusCode()).isEqualTo(200);
    }

    @Test
    void duplicatePage_once_leadsToTheSameResourcesAgain() throws Exception {
        simulator.faults().add(FaultRule.once(Fault.DUPLICATE_PAGE));

        List<String> ids = Client.ids(client.all(PAGES));

        assertThat(ids).hasSize((int) simulator.count(Kind.ORGANIZATION) + 50);
        assertThat(ids.stream().distinct()).hasSize((int) simulator.count(Kind.ORGANIZATION));
        assertThat(ids.subList(0, 50)).isEqualTo(ids.subList(50, 100));
    }

    @Test
    void missingPage_once_leavesAPageOut() throws Exception {
        simulator.faults().add(FaultRule.once(Fault.MISSING_PAGE).onPage(2));

        assertThat(Client.ids(client.all(PAGES)))
                .hasSize((int) simulator.count(Kind.ORGANIZATION) - 50)
                .doesNotHaveDuplicates();
    }

    @Test
    void earlyEnd_once_hasNoNextLink() throws Exception {
        simulator.faults().add(FaultRule.once(Fault.EARLY_END).onPage(2));

        assertThat(client.all("/Device?_count=100")).hasSize((int) simulator.count(Kind.DEVICE));
        assertThat(client.bundle("/Organization?_count=0")).containsKey("total");
        assertThat(client.all(PAGES)).hasSize(100);
    }

    @Test
    void totals_wrongOrMissing_areSo() throws Exception {
        simulator.faults().add(FaultRule.once(Fault.WRONG_TOTAL));
        simulator.faults().add(FaultRule.once(Fault.NO_TOTAL).onRequest(2));
        simulator.faults().add(FaultRule.once(Fault.LOW_TOTAL).onRequest(3));
        simulator.faults().add(FaultRule.once(Fault.ZERO_TOTAL).onRequest(4));
        int count = (int) simulator.count(Kind.ORGANIZATION);

        assertThat(client.bundle(PAGES).getInt32("total").getValue()).isEqualTo(count + 1);
        assertThat(client.bundle(PAGES)).doesNotContainKey("total");
        assertThat(client.bundle(PAGES).getInt32("total").getValue()).isEqualTo(count - 1);
        assertThat(client.bundle(PAGES).getInt32("total").getValue()).isZero();
        assertThat(client.bundle(PAGES).getInt32("total").getValue()).isEqualTo(count);
    }

    @Test
    void contentType_wrong_isNotFhir() throws Exception {
        simulator.faults().add(FaultRule.once(Fault.WRONG_CONTENT_TYPE));

        assertThat(client.get(PAGES).headers().firstValue("Content-Type").orElseThrow())
                .startsWith("text/html");
    }

    @Test
    void resource_ofAnotherType_isTheFirstOfThePage() throws Exception {
        simulator.faults().add(FaultRule.once(Fault.WRONG_RESOURCE));

        List<BsonDocument> resources = Client.resources(client.bundle(PAGES));

        assertThat(resources.get(0).getString("resourceType").getValue()).isEqualTo("Patient");
        assertThat(resources.get(1).getString("resourceType").getValue()).isEqualTo("Organization");
    }

    @Test
    void resource_thatIsNoFhir_isTheFirstOfThePage() throws Exception {
        simulator.faults().add(FaultRule.once(Fault.UNSTORABLE_RESOURCE));

        List<BsonDocument> resources = Client.resources(client.bundle(PAGES));

        assertThat(resources.get(0).get("language")).matches(language -> language.isDocument());
        assertThat(resources.get(1).getString("language").getValue()).isEqualTo("fr");
    }

    @Test
    void slow_once_isAnsweredAllTheSame() throws Exception {
        simulator.faults().add(FaultRule.once(Fault.SLOW).seconds(1));

        assertThat(client.get(PAGES).statusCode()).isEqualTo(200);
        assertThat(simulator.journal().latest()).anyMatch(entry -> entry.fault().equals("slow"));
    }

    @Test
    void example_once_isAnsweredInsteadOfTheSearch() throws Exception {
        simulator.faults().add(FaultRule.example("synthetic-v2-bundle-delta-with-integer-versionId-and-inactive.json"));

        assertThat(client.get(PAGES).body())
                .isEqualTo(client.control(
                                "GET", "/examples/synthetic-v2-bundle-delta-with-integer-versionId-and-inactive.json")
                        .body());
    }

    @Test
    void journal_afterRequests_knowsThem() throws Exception {
        long before = simulator.journal().count();

        client.get("/Device?_count=1");

        assertThat(simulator.journal().count()).isEqualTo(before + 1);
        List<Journal.Entry> latest = simulator.journal().latest();
        assertThat(latest.get(latest.size() - 1))
                .isEqualTo(new Journal.Entry("GET", "/fhir/v2/Device?_count=1", 200, ""));
    }

    private BsonDocument follow(BsonDocument bundle) throws Exception {
        Optional<String> next = Client.link(bundle, "next");
        return BsonDocument.parse(client.send(HttpRequest.newBuilder(URI.create(next.orElseThrow())))
                .body());
    }
}
