package miroir.index.xml;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.json.ResourceWriter;
import miroir.index.json.Utf8Buffer;
import miroir.index.structure.Structures;
import org.bson.RawBsonDocument;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** JSON that becomes XML and then JSON again is the same, byte for byte, where it has the order of the definitions. */
class XmlRoundTripTest {
    private static final int OF_EACH_TYPE = 5;

    private final ResourceReader json = new ResourceReader(Structures.r4(), ReadLimits.standard());
    private final ResourceXmlReader xml = new ResourceXmlReader(Structures.r4(), ReadLimits.standard());

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyType_throughXml_comesOutAsItWentIn(boolean pretty) {
        long seed = Long.getLong("miroir.seed", 20261127);
        ValidResource resources = new ValidResource(new Random(seed));
        for (String type : Structures.r4().resourceTypes()) {
            for (int i = 0; i < OF_EACH_TYPE; i++) {
                String sent = resources.json(type, "r" + i);
                RawBsonDocument stored = json.read(sent.getBytes(StandardCharsets.UTF_8));
                Utf8Buffer written = new Utf8Buffer(4096);
                ResourceXmlWriter.write(stored, written, pretty);

                RawBsonDocument read = xml.read(written.toByteArray());

                assertThat(json(read))
                        .as("seed %s, by way of %s", seed, text(written))
                        .isEqualTo(sent);
                assertThat(read).isEqualTo(stored);
            }
        }
    }

    private static String json(RawBsonDocument resource) {
        Utf8Buffer out = new Utf8Buffer(4096);
        ResourceWriter.write(resource, out, false);
        return text(out);
    }

    private static String text(Utf8Buffer out) {
        return new String(out.toByteArray(), StandardCharsets.UTF_8);
    }
}
