package miroir.server.fuzz;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import miroir.index.Refusal;
import org.bson.Document;

/**
 * Gives spoiled input to all readers in turn. A reader takes it or refuses it; whatever else comes of it is a fault, and said with the input in base64.
 */
final class Fuzzing {
    private static final int MOST_FAULTS = 20;
    private static final int LINES_OF_TRACE = 12;

    private final Map<String, Count> counts = new TreeMap<>();
    private final List<String> faults = new ArrayList<>();
    private final List<Reader> readers;
    private final List<Spoil> spoils;

    private static final class Count {
        private long taken;
        private long refused;
        private long slowestNanos;
    }

    Fuzzing(long seed, List<Reader> readers) {
        this.readers = List.copyOf(readers);
        this.spoils = readers.stream()
                .map(reader -> new Spoil(new Random(seed ^ reader.name().hashCode()), reader.samples()))
                .toList();
        readers.forEach(reader -> counts.put(reader.name(), new Count()));
    }

    /** So many inputs more for each. */
    void run(int inputs) {
        for (int i = 0; i < readers.size(); i++) {
            for (int input = 0; input < inputs && faults.size() < MOST_FAULTS; input++) {
                give(readers.get(i), spoils.get(i).next());
            }
        }
    }

    private void give(Reader reader, byte[] input) {
        Count count = counts.computeIfAbsent(reader.name(), name -> new Count());
        long begun = System.nanoTime();
        try {
            reader.parse().of(input);
            count.taken++;
        } catch (Refusal refused) {
            count.refused++;
        } catch (Throwable fault) {
            faults.add(reader.name() + ": " + traced(fault) + "\n  "
                    + Base64.getEncoder().encodeToString(input));
        }
        count.slowestNanos = Math.max(count.slowestNanos, System.nanoTime() - begun);
    }

    private static String traced(Throwable fault) {
        StringWriter text = new StringWriter();
        fault.printStackTrace(new PrintWriter(text));
        return String.join("\n", text.toString().lines().limit(LINES_OF_TRACE).toList());
    }

    List<String> faults() {
        return faults;
    }

    /** How many it was, and how many of each came to something. */
    Document figures() {
        Document figures = new Document();
        counts.forEach((name, count) -> figures.append(
                name,
                new Document("taken", count.taken)
                        .append("refused", count.refused)
                        .append("slowest, ms", count.slowestNanos / 1_000_000)));
        return figures;
    }

    /** A reader that refuses everything, or takes everything, is not tried by this. */
    List<String> untried() {
        return counts.entrySet().stream()
                .filter(each -> each.getValue().taken == 0 || each.getValue().refused == 0)
                .map(Map.Entry::getKey)
                .toList();
    }
}
