package miroir.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class IndentedJsonTest {
    @Test
    void of_anObject_hasALineForEachPart_andItsTextsAsTheyWere() {
        assertThat(IndentedJson.of("{\"a\":[1.10, true],\"b, {\":\"c: \\\"d\\\"\"}"))
                .isEqualTo("{\n  \"a\": [\n    1.10,\n    true\n  ],\n  \"b, {\": \"c: \\\"d\\\"\"\n}");
    }

    /** What is kept of a long one ends somewhere. */
    @Test
    void of_whatIsCutOff_isAsFarAsItGoes() {
        assertThat(IndentedJson.of("{\"a\":\"b\\")).isEqualTo("{\n  \"a\": \"b\\");
        assertThat(IndentedJson.of("]}")).isEqualTo("\n]\n}");
        assertThat(IndentedJson.of("")).isEmpty();
    }

    @Test
    void of_whatIsDeep_isNotIndentedForEver() {
        assertThat(IndentedJson.of("[".repeat(1_000))).hasSizeLessThan(100_000);
    }
}
