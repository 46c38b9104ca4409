package miroir.server.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import miroir.server.access.AdministratorRole;
import miroir.server.access.Grants;
import miroir.server.access.KnownTokens;
import miroir.server.access.TooOften;
import miroir.server.configuration.ServerConfiguration;
import miroir.server.proxy.Reached;
import miroir.server.routing.Interaction;
import miroir.server.routing.Route;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class QuotasTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    /** Any number, also one that is about to overflow. */
    private long now = Long.MAX_VALUE - 20 * SECOND;

    private final Quotas quotas = quotas("limits: {addressRate: 4, consumerRate: 2}");

    private Quotas quotas(String yaml) {
        ServerConfiguration configuration = ServerConfiguration.read("test.yaml", yaml, Map.<String, String>of()::get);
        return new Quotas(configuration.limits(), KnownTokens.none(), new RequestMetrics(meters), () -> now);
    }

    private static Exchange exchange(String address, Rights rights, Interaction interaction, String path) {
        HttpServletRequest request = (HttpServletRequest) Proxy.newProxyInstance(
                HttpServletRequest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getRequestURI" -> path;
                    case "setAttribute" -> null;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
        Exchange exchange = Exchange.begin(request, "test", new Reached(address, true, "http", "localhost", ""));
        exchange.routed(new Route(interaction, "", ""));
        exchange.authenticated(() -> rights, false);
        return exchange;
    }

    private static Exchange from(String address) {
        return exchange(address, Rights.reading(), Interaction.CAPABILITIES, "/fhir/metadata");
    }

    private static Exchange by(String name) {
        Rights rights = new Rights(name, name, true, new Grants(List.of()), AdministratorRole.NOBODY, () -> {
            throw new IllegalStateException("nobody searches");
        });
        return exchange("192.0.2.1", rights, Interaction.CAPABILITIES, "/fhir/metadata");
    }

    private @Nullable TooOften refusal(Exchange exchange) {
        return catchThrowableOfType(TooOften.class, () -> quotas.asked(exchange, () -> false));
    }

    private static TooOften required(@Nullable TooOften refusal) {
        return Objects.requireNonNull(refusal, "it was allowed");
    }

    private int allowed(Exchange exchange, int tries) {
        int allowed = 0;
        for (int i = 0; i < tries; i++) {
            allowed += refusal(exchange) == null ? 1 : 0;
        }
        return allowed;
    }

    @Test
    void address_beyondItsQuota_isToldWhenToComeAgain() {
        assertThat(allowed(from("192.0.2.1"), 100)).isEqualTo(40);

        TooOften refused = required(refusal(from("192.0.2.1")));
        assertThat(refused)
                .hasMessageContaining(
                        "the address 192.0.2.1 has a quota of 4 requests per second (limits.addressRate)");
        assertThat(refused.seconds()).isEqualTo(1);
        assertThat(allowed(from("192.0.2.2"), 1)).isEqualTo(1);
        assertThat(meters.counter("miroir.throttled", "counted", "address").count())
                .isEqualTo(61);

        now += SECOND * refused.seconds();
        assertThat(allowed(from("192.0.2.1"), 100)).isEqualTo(4);
        now += 3600 * SECOND;
        assertThat(allowed(from("192.0.2.1"), 100)).isEqualTo(40);
    }

    @Test
    void address_ofIPv6_isCountedWithItsNetwork() {
        for (int i = 0; i < 40; i++) {
            assertThat(allowed(from("2001:db8:0:7::" + Integer.toHexString(i + 1)), 1))
                    .isEqualTo(1);
        }

        assertThat(refusal(from("2001:db8:0:7:a:b:c:d"))).isNotNull().hasMessageContaining("2001:db8:0:7::/64");
        assertThat(refusal(from("2001:db8:0:8::1"))).isNull();
    }

    @Test
    void consumer_isCountedByItself_andNotByItsAddress() {
        assertThat(allowed(by("consumer/a"), 100)).isEqualTo(20);
        assertThat(refusal(by("consumer/a")))
                .isNotNull()
                .hasMessageContaining("\"consumer/a\" has a quota of 2 requests per second (limits.consumerRate)");

        assertThat(allowed(by("consumer/b"), 100)).isEqualTo(20);
        assertThat(allowed(from("192.0.2.1"), 100)).isEqualTo(40);
        assertThat(allowed(by("consumer/c"), 1)).isEqualTo(1);
        assertThat(meters.counter("miroir.throttled", "counted", "consumer").count())
                .isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "administrator/a"})
    void others_withATokenThatIsKnown_areNotCounted(String name) {
        assertThat(allowed(by(name), 1_000)).isEqualTo(1_000);
    }

    @Test
    void thisMachine_andProbesOfHealth_areNotCounted() {
        Exchange probe = exchange("192.0.2.1", Rights.reading(), Interaction.PAGE, "/health/ready");
        Exchange metrics = exchange("192.0.2.1", Rights.reading(), Interaction.PAGE, "/metrics");

        assertThat(allowed(probe, 1_000)).isEqualTo(1_000);
        assertThat(allowed(metrics, 1_000)).isEqualTo(40);
        for (int i = 0; i < 1_000; i++) {
            quotas.asked(from("127.0.0.1"), () -> true);
            quotas.askedByNobody(from("127.0.0.1"), () -> true);
        }
    }

    @Test
    void tokenThatIsNone_isCountedByTheAddress() {
        for (int i = 0; i < 40; i++) {
            quotas.askedByNobody(from("192.0.2.1"), () -> false);
        }

        assertThat(catchThrowableOfType(TooOften.class, () -> quotas.askedByNobody(from("192.0.2.1"), () -> false)))
                .isNotNull();
        assertThat(catchThrowableOfType(TooOften.class, () -> quotas.requireLeft(from("192.0.2.1"), () -> false)))
                .isNotNull();
        quotas.requireLeft(from("192.0.2.2"), () -> false);
        assertThat(refusal(by("consumer/a")))
                .as("somebody known at the same address")
                .isNull();
    }

    @Test
    void entriesOfABundle_areOwed() {
        Exchange bundle = by("consumer/a");
        assertThat(refusal(bundle)).isNull();
        bundle.countEntries(29);

        TooOften refused = required(refusal(by("consumer/a")));
        assertThat(refused.seconds()).as("ten too many, and one").isEqualTo(6);
        now += 5 * SECOND;
        assertThat(refusal(by("consumer/a"))).isNotNull();
        now += SECOND / 2;
        assertThat(refusal(by("consumer/a"))).isNull();
    }

    @Test
    void bundles_thatAreSentAtOnce_areNotDoneOnCredit() {
        Exchange one = by("consumer/a");
        Exchange other = by("consumer/a");
        assertThat(refusal(one)).isNull();
        assertThat(refusal(other)).isNull();

        one.countEntries(1_000);
        assertThatThrownBy(() -> other.countEntries(1_000))
                .isInstanceOf(TooOften.class)
                .hasMessageContaining("consumer/a");
        assertThat(refusal(by("consumer/a"))).isNotNull().hasFieldOrPropertyWithValue("seconds", 61L);
    }

    @Test
    void nobody_isCounted_whereThatIsTurnedOff() {
        Quotas off = quotas("limits: {addressRate: off}");

        for (int i = 0; i < 10_000; i++) {
            off.asked(from("192.0.2.1"), () -> false);
            off.asked(by("consumer/a"), () -> false);
            off.askedByNobody(from("192.0.2.1"), () -> false);
            off.requireLeft(from("192.0.2.1"), () -> false);
        }
    }
}
