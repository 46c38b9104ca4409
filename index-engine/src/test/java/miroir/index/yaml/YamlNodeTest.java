package miroir.index.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class YamlNodeTest {
    private enum Handling {
        STRICT,
        VERY_LENIENT
    }

    @Test
    void values_areReadByType() {
        YamlNode node = parse("""
                port: 8080
                open: true
                wait: 500ms
                keep: 400d
                mode: very-lenient
                origins: [a, "b"]
                one: a
                inner: {key: value}
                """);
        assertThat(node.require("port").integer(1, 65_535)).isEqualTo(8080);
        assertThat(node.require("open").bool()).isTrue();
        assertThat(node.require("wait").duration()).isEqualTo(Duration.ofMillis(500));
        assertThat(node.require("keep").duration()).isEqualTo(Duration.ofDays(400));
        assertThat(node.require("mode").choice(Handling.class)).isEqualTo(Handling.VERY_LENIENT);
        assertThat(node.require("origins").texts()).containsExactly("a", "b");
        assertThat(node.require("one").texts()).containsExactly("a");
        assertThat(node.require("inner").require("key").text()).isEqualTo("value");
        assertThat(node.find("other")).isNull();
        assertThat(node.keys()).startsWith("port", "open");
    }

    @Test
    void allowOnly_refusesAnUnknownKeyAndNamesTheNearest() {
        YamlNode node = parse("name: a\n\nurlParametre: b\n");
        refused(
                () -> node.allowOnly("name", "urlParameter"),
                "t.yaml:3: urlParametre: unknown key; did you mean \"urlParameter\"? Allowed are name, urlParameter");
    }

    @Test
    void refusal_namesLineKeyAndWhatIsAllowed() {
        YamlNode node = parse("http:\n  port: x\n  open: yes\n  mode: strikt\n  wait: 10\n  nothing:\n");
        YamlNode http = node.require("http");
        refused(
                () -> http.require("port").integer(1, 9),
                "t.yaml:2: http.port: \"x\" is not a whole number between 1 and 9");
        refused(() -> http.require("open").bool(), "t.yaml:3: http.open: \"yes\" is neither true nor false");
        refused(
                () -> http.require("mode").choice(Handling.class),
                "t.yaml:4: http.mode: \"strikt\" is not known; did you mean \"strict\"? Allowed are strict, very-lenient");
        refused(
                () -> http.require("wait").duration(),
                "t.yaml:5: http.wait: \"10\" is not a length of time, such as 500ms, 10s, 5m, 24h, 30d");
        refused(() -> http.require("nothing").text(), "t.yaml:6: http.nothing: has no value");
        refused(() -> http.require("host"), "t.yaml:1: http: the key \"host\" is missing");
        refused(() -> http.require("port").items(), "t.yaml:2: http.port: must be a list");
        refused(http::text, "t.yaml:1: http: must be a single value");
        refused(() -> http.require("port").keys(), "t.yaml:2: http.port: must be a mapping of keys to values");
    }

    @Test
    void variable_comesFromTheEnvironmentOrItsDefault() {
        YamlNode node = parse("""
                a: ${HOST:localhost}
                b: "mongodb://${USER}@${HOST:localhost}/x"
                c: ${HOST:}
                d: a $${HOST} costs $5
                """);
        assertThat(node.require("a").text()).isEqualTo("localhost");
        assertThat(node.require("b").text()).isEqualTo("mongodb://{x: y}@localhost/x");
        refused(() -> node.require("c").text(), "t.yaml:3: c: has no value");
        assertThat(node.require("d").text()).isEqualTo("a ${HOST} costs $5");
    }

    @Test
    void variables_areThoseThatAreSet() {
        YamlNode node = YamlNode.parse(
                "t.yaml",
                "a: ${SET:x}/${UNSET:y}/$${SET}\nb: ${UNSET:y}\nc: [\"${SET}\", \"${OTHER}\", \"${SET}\"]\nd: plain",
                Map.of("SET", "1", "OTHER", "2")::get);

        assertThat(node.require("a").text()).isEqualTo("1/y/${SET}");
        assertThat(node.require("a").variables()).containsExactly("SET");
        assertThat(node.require("b").variables()).isEmpty();
        assertThat(node.require("c").variables()).containsExactly("SET", "OTHER");
        assertThat(node.require("d").variables()).isEmpty();
    }

    @Test
    void variable_isNeverStructure() {
        assertThat(parse("a: ${USER}").require("a").text()).isEqualTo("{x: y}");
    }

    @Test
    void variable_thatCannotBeReplacedIsRefused() {
        refused(
                () -> parse("a: b\nc: ${MISSING}"),
                "t.yaml:2: c: the environment variable MISSING is not set, and there is no default");
        refused(
                () -> parse("c: ${MISS ING}"),
                "t.yaml:1: c: a variable is written ${NAME} or ${NAME:default}; $${ stands for ${ itself");
    }

    @Test
    void key_standsOnce() {
        refused(() -> parse("a: 1\nb: 2\na: 3"), "t.yaml:3: a: stands here twice");
    }

    @Test
    void anchor_isRefused() {
        refused(() -> parse("a: &x [1]\nb: *x"), "t.yaml:1: a: anchors and aliases are not allowed");
    }

    @Test
    void depth_isBounded() {
        refused(() -> parse("[".repeat(10_000)), "t.yaml:1: more than 30 levels of nesting");
    }

    @Test
    void size_isBounded() {
        assertThatExceptionOfType(ConfigurationRefused.class).isThrownBy(() -> parse("a".repeat(1_000_001)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a: [1", "a: b: c", "\tx: y", "--- a\n--- b", "a: 'x"})
    void text_thatIsNotYamlIsRefusedWithItsLine(String text) {
        assertThatExceptionOfType(ConfigurationRefused.class)
                .isThrownBy(() -> parse(text))
                .withMessageMatching("t\\.yaml:[12]: not YAML: .+");
    }

    @Test
    void emptyDocument_isAnEmptyMapping() {
        assertThat(parse("# nothing\n").keys()).isEmpty();
    }

    @Test
    void json_isReadAlike() {
        YamlNode node = YamlNode.parseJson("t.json", "{\n\t\"base\": [\"A\",\n\t\"B\"],\n\t\"n\": 1, \"t\": true}");
        assertThat(node.require("base").texts()).containsExactly("A", "B");
        assertThat(node.require("n").integer(0, 1)).isEqualTo(1);
        assertThat(node.require("t").bool()).isTrue();
        refused(() -> node.require("n").bool(), "t.json:4: n: \"1\" is neither true nor false");
        assertThat(node.require("base").items().get(1).where()).isEqualTo("t.json:3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{} {}", "{\"a\":1,\"a\":2}", "nope"})
    void text_thatIsNotJsonIsRefused(String text) {
        assertThatExceptionOfType(ConfigurationRefused.class)
                .isThrownBy(() -> YamlNode.parseJson("t.json", text))
                .withMessageStartingWith("t.json:1: not JSON: ");
    }

    private static YamlNode parse(String text) {
        return YamlNode.parse("t.yaml", text, Map.of("USER", "{x: y}")::get);
    }

    private static void refused(ThrowingCallable call, String message) {
        assertThatExceptionOfType(ConfigurationRefused.class).isThrownBy(call).withMessage(message);
    }
}
