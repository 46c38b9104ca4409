package miroir.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bson.BsonDocument;
import org.bson.BsonValue;

/** The codes that the directory's code systems have, with their labels; of some systems not all. */
final class Vocabulary {
    private static final String FILE = "/miroir/simulator/terminology-codes.json";
    private static final Map<String, String[]> CODES = new HashMap<>();
    private static final Map<String, String> LABELS = new HashMap<>();

    static {
        for (BsonValue system : read().getArray("codeSystems")) {
            add(system.asDocument());
        }
    }

    private Vocabulary() {}

    /** Any code of the system. */
    static String thrown(Dice dice, String system) {
        return dice.pick(CODES.getOrDefault(system, new String[0]));
    }

    /** What the code means; empty where that is not known. */
    static String label(String system, String code) {
        return LABELS.getOrDefault(system + "|" + code, "");
    }

    private static void add(BsonDocument codeSystem) {
        String system = codeSystem.getString("system").getValue();
        List<BsonDocument> concepts = codeSystem.getArray("concept").stream()
                .map(BsonValue::asDocument)
                .toList();
        CODES.put(
                system,
                concepts.stream()
                        .map(concept -> concept.getString("code").getValue())
                        .toArray(String[]::new));
        concepts.forEach(concept -> LABELS.put(
                system + "|" + concept.getString("code").getValue(),
                concept.getString("display").getValue()));
    }

    private static BsonDocument read() {
        try (InputStream in = Vocabulary.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException("the resource " + FILE + " is missing");
            }
            return BsonDocument.parse(new String(in.readAllBytes(), UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
