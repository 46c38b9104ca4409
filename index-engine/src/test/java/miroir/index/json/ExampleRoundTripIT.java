package miroir.index.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import miroir.index.Refusal;
import miroir.index.structure.Structures;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What goes in comes out: the same tokens in the same order, numbers with the same text (those with an exponent: the
 * same value and scale).
 */
@Tag("long")
class ExampleRoundTripIT {
    private final ResourceReader reader = new ResourceReader(Structures.r4(), new ReadLimits(40 << 20, 90));
    private final JsonFactory factory = new JsonFactory();
    private final List<String> refused = new ArrayList<>();
    private int kept;

    @Test
    void everyExample_comesOutAsItWentIn() {
        ExampleResources.forEach(Integer.MAX_VALUE, this::goAround);

        assertThat(kept).isGreaterThan(4500);
        assertThat(refused)
                .as("examples that break the specification: questionnaires without linkId, no SearchParameter.base,"
                        + " an id of 65 letters")
                .hasSizeLessThan(210)
                .allMatch(problem -> problem.contains("linkId is missing")
                        || problem.contains("base is missing")
                        || problem.contains("id is 1 to 64 letters")
                        || problem.contains("resourceType is missing"));
    }

    @Test
    void everyResourceOfTheDirectory_comesOutAsItWentIn() {
        ExampleResources.forEachOfDirectory(this::goAround);

        assertThat(kept).isGreaterThan(50);
        assertThat(refused)
                .as(
                        "bundles with an empty entry array, and one with numbers as versionId, which only the daemon tolerates")
                .allMatch(problem ->
                        problem.contains("an array may not be empty") || problem.contains("found the number 2; id is"));
    }

    private void goAround(String name, byte[] json) {
        Utf8Buffer plain = new Utf8Buffer(json.length);
        Utf8Buffer pretty = new Utf8Buffer(json.length);
        try {
            var resource = reader.read(json);
            ResourceWriter.write(resource, plain, false);
            ResourceWriter.write(resource, pretty, true);
        } catch (Refusal e) {
            refused.add(name + ": " + e.getMessage());
            return;
        }
        kept++;
        List<String> expected = tokens(json);
        assertThat(tokens(plain.toByteArray())).as(name).isEqualTo(expected);
        assertThat(tokens(pretty.toByteArray())).as(name + ", pretty").isEqualTo(expected);
    }

    private List<String> tokens(byte[] json) {
        List<String> tokens = new ArrayList<>();
        try (JsonParser parser = factory.createParser(json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                String text = parser.getText();
                tokens.add(token.isNumeric() && text.matches(".*[eE].*") ? withoutExponent(text) : text);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return tokens;
    }

    private static String withoutExponent(String number) {
        BigDecimal value = new BigDecimal(number);
        return value.scale() > 0 && value.scale() <= 60 ? value.toPlainString() : value.toString();
    }
}
