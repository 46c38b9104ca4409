package miroir.index.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import miroir.index.Refusal;
import miroir.index.structure.Structures;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResourceJsonTest {
    private final ResourceReader reader = new ResourceReader(Structures.r4(), ReadLimits.standard());

    @ParameterizedTest
    @CsvSource({
        "1.10, 1.10",
        "0.0000001, 0.0000001",
        "-0.0, -0.0",
        "-0, -0",
        "0, 0",
        "100, 100",
        "2147483648, 2147483648",
        "1e3, 1E+3",
        "1200e2, 1.200E+5",
        "1.2E+2, 1.2E+2",
        "1.25e-90, 1.25E-90",
        "1.5E-3, 0.0015",
        "0e5, 0E+5",
        "-12.50e-1, -1.250",
        "1234567890123456789012345678901234, 1234567890123456789012345678901234",
        "0.1234567890123456789012345678901234, 0.1234567890123456789012345678901234",
        "9999999999999999999999999999.999999, 9999999999999999999999999999.999999",
        "00.5E-100, ''"
    })
    void decimal_isWrittenWithItsScale(String in, String out) {
        String json = "{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{\"text\":\"x\"},"
                + "\"valueQuantity\":{\"value\":%s}}";
        if (out.isEmpty()) {
            assertThatExceptionOfType(Refusal.class).isThrownBy(() -> read(json.formatted(in)));
        } else {
            assertThat(write(read(json.formatted(in)))).isEqualTo(json.formatted(out));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "0.", "1e", "-1.5"})
    void number_thatIsVeryLong_isRefusedWithItsPathLikeAnyOther(String start) {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() ->
                        read("{\"resourceType\":\"Observation\",\"valueInteger\":" + start + "9".repeat(100_000) + "}"))
                .satisfies(refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.UNPROCESSABLE))
                .satisfies(refusal -> assertThat(refusal.path()).isEqualTo("Observation.valueInteger"))
                .withMessageContaining("34 significant digits");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\\\"b\\\\c", "\\n\\t\\r", "é漢😀\u2028", "01234567\\n", "/'<>&"})
    void string_isWrittenAsItCame(String text) {
        String json = "{\"resourceType\":\"Basic\",\"id\":\"a\",\"code\":{\"text\":\"" + text + "\"}}";

        assertThat(write(read(json))).isEqualTo(json);
    }

    @Test
    void nullsBesidePrimitiveExtensions_stay() {
        String json =
                "{\"resourceType\":\"Organization\",\"name\":\"x\",\"address\":[{\"line\":[null,\"b\"],\"_line\":[{"
                        + "\"extension\":[{\"url\":\"http://a\",\"valueString\":\"c\"}]},null]}]}";

        assertThat(write(read(json))).isEqualTo(json);
    }

    @Test
    void controlCharacters_areEscaped() {
        RawBsonDocument document = RawBsonDocument.parse("{a: '\\b\\f\\u0001\\u001f'}");

        assertThat(write(document)).isEqualTo("{\"a\":\"\\b\\f\\u0001\\u001f\"}");
    }

    @Test
    void pretty_indentsByTwo() {
        Utf8Buffer out = new Utf8Buffer(1);

        ResourceWriter.write(RawBsonDocument.parse("{a: [], b: {}, c: [1, {d: 'e'}]}"), out, true);

        assertThat(text(out)).isEqualTo("""
                {
                  "a": [],
                  "b": {},
                  "c": [
                    1,
                    {
                      "d": "e"
                    }
                  ]
                }""");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'resourceType':'Basic','id':'a','id':'b'} | Basic.id | twice",
                "{'resourceType':'Basic','code':{'coding':[{},{'code':'a','code':'b'}]}} | Basic.code.coding[1].code | twice",
                "{'resourceType':'Basic','id':'a\\u0000b'} | Basic.id | NUL",
                "{'resourceType':'Basic','id':'\\ud800'} | Basic.id | surrogate",
                "{'resourceType':'Basic','id':'a'} {} | Basic | follows",
                "[] | Resource | not an array",
                "3 | Resource | not a bare value",
                "'' | Resource | not a bare value",
                "{'resourceType':'Basic','id':tru} | Basic.id | not valid JSON",
                "{'resourceType':'Basic','$where':1} | Basic.$where | '$where' is not an element",
                "{'resourceType':'Basic','a.b':1} | Basic.a.b | 'a.b' is not an element",
                "{'resourceType':'Observation','x':[1,12345678901234567890123456789012345]} | Observation.x[1] | 34",
                "{'resourceType':'Observation','x':1e99999999999} | Observation.x | 6111",
            })
    void fault_isRefusedWithItsPath(String json, String path, String message) {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> read(json.replace('\'', '"')))
                .satisfies(refusal -> assertThat(refusal.path()).isEqualTo(path))
                .withMessageContaining(message);
    }

    @Test
    void empty_isRefused() {
        assertThatExceptionOfType(Refusal.class).isThrownBy(() -> read(" ")).withMessageContaining("the body is empty");
    }

    @Test
    void notUtf8_isRefusedWithItsPath() {
        byte[] json = "{\"resourceType\":\"Basic\",\"author\":{\"display\":\"Andr\u00e9\"}}"
                .getBytes(StandardCharsets.ISO_8859_1);

        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> reader.read(json))
                .withMessageContaining("0xE9")
                .satisfies(refusal -> assertThat(refusal.path()).isEqualTo("Basic.author.display"));
    }

    @Test
    void utf16_isRefused() {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> reader.read("{\"resourceType\":\"Basic\"}".getBytes(StandardCharsets.UTF_16LE)))
                .withMessageContaining("UTF-8");
    }

    @Test
    void byteOrderMark_isPassedOver() {
        RawBsonDocument read = read("\uFEFF{\"resourceType\":\"Basic\",\"code\":{\"text\":\"x\"}}");

        assertThat(read.getFirstKey()).isEqualTo("resourceType");
    }

    @Test
    void nesting_isLimited() {
        String deep = "{\"resourceType\":\"Basic\",\"a\":" + "{\"a\":".repeat(200) + "1" + "}".repeat(201);

        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> read(deep))
                .satisfies(refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.TOO_LARGE))
                .withMessageContaining("90");
    }

    @Test
    void manyNames_areComparedQuickly() {
        StringBuilder json = new StringBuilder("{\"resourceType\":\"Basic\"");
        for (int i = 0; i < 100_000; i++) {
            json.append(",\"x").append(i).append("\":1");
        }

        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> read(json + ",\"x70000\":1}"))
                .withMessageContaining("twice");
    }

    private RawBsonDocument read(String json) {
        return reader.read(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String write(RawBsonDocument resource) {
        Utf8Buffer out = new Utf8Buffer(16);
        ResourceWriter.write(resource, out, false);
        return text(out);
    }

    private static String text(Utf8Buffer out) {
        return new String(out.array(), 0, out.size(), StandardCharsets.UTF_8);
    }
}
