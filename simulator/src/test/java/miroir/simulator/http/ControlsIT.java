package miroir.simulator.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import miroir.simulator.Kind;
import miroir.simulator.fault.Fault;
import miroir.simulator.fault.FaultRule;
import org.bson.BsonDocument;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ControlsIT {
    private final Simulator simulator =
            Simulator.start(SimulatorSettings.standard().withSize(300).withKey("secret"));
    private final Client client = new Client(simulator);

    @AfterEach
    void stop() {
        simulator.close();
    }

    @Test
    void state_withoutKey_isShown() throws Exception {
        BsonDocument state = BsonDocument.parse(client.control("GET", "").body());

        assertThat(state.getString("base").getValue())
                .isEqualTo(simulator.base().toString());
        assertThat(Instant.parse(state.getString("now").getValue())).isAfter(Instant.parse("2026-11-30T06:00:00Z"));
    }

    @Test
    void clock_advanced_isLater() throws Exception {
        Instant before = simulator.clock().now();

        assertThat(client.control("POST", "/clock?advance=P2D").statusCode()).isEqualTo(200);
        assertThat(client.control("POST", "/clock?advance=PT6H").statusCode()).isEqualTo(200);
        assertThat(simulator.clock().now()).isAfterOrEqualTo(before.plus(Duration.ofHours(54)));

        client.control("POST", "/clock?to=2027-01-01T00:00:00Z");
        assertThat(simulator.clock().now()).isAfterOrEqualTo(Instant.parse("2027-01-01T00:00:00Z"));
    }

    @Test
    void faults_addedAndCleared_holdMeanwhile() throws Exception {
        client.control("POST", "/faults?add=bad-gateway:rate=1%3Bcut:page=2");
        assertThat(simulator.faults().rules())
                .containsExactly(
                        FaultRule.atRate(Fault.BAD_GATEWAY, 1),
                        FaultRule.once(Fault.CUT).onPage(2));

        client.control("DELETE", "/faults");
        assertThat(simulator.faults().rules()).isEmpty();
    }

    @Test
    void events_byCommand_happen() throws Exception {
        long before = simulator.count(Kind.ORGANIZATION);

        client.control("POST", "/events?event=vanish&type=Organization&share=0.5");
        assertThat(simulator.count(Kind.ORGANIZATION)).isLessThan(before * 3 / 4);

        client.control("POST", "/events?event=reload-renumbered");
        assertThat(client.control("GET", "/current/Device").body().lines())
                .hasSize((int) simulator.count(Kind.DEVICE))
                .allMatch(line -> line.contains("\"id\":\"002-23"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/clock?advance=tomorrow",
                "/clock?to=2020-01-01T00:00:00Z",
                "/events?event=explode",
                "/events?event=change&type=Patient",
                "/events?event=change&share=7",
                "/faults?add=explode",
                "/faults?add=example:file=none.json"
            })
    void command_thatMakesNoSense_isRefusedWithWhatIsAllowed(String command) throws Exception {
        HttpResponse<String> answer = client.control("POST", command);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).isNotBlank();
    }

    @Test
    void command_unknown_isNotFoundAndListsAll() throws Exception {
        HttpResponse<String> answer = client.control("POST", "/explode");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("/simulator/clock?advance=P1D");
    }
}
