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
    void of_whatIsEmpty_staysTogether() {
        assertThat(IndentedJson.of("{\"a\":{ },\"b\":[],\"c\":[{}]}"))
                .isEqualTo("{\n  \"a\": {},\n  \"b\": [],\n  \"c\": [\n    {}\n  ]\n}");
    }

    /** All of it is there, and it is not many times as much as what came. */
    @Test
    void of_whatIsDeep_isNotIndentedForEver() {
        String indented = IndentedJson.of("[".repeat(16_000) + "\"end\"");

        assertThat(indented).hasSizeLessThan(85_000).endsWith("[[[\"end\"");
        assertThat(indented.chars().filter(each -> each == '[').count()).isEqualTo(16_000);
    }
}
