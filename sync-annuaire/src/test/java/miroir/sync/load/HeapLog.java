package miroir.sync.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How full a heap was, by what the JVM writes down about every collection. */
record HeapLog(Path file) {
    private static final Pattern COLLECTION = Pattern.compile(" (\\d+)M->(\\d+)M\\((\\d+)M\\)");

    /**
     * Megabytes of heap.
     *
     * @param most the most that there ever was, with what nobody needed any more
     * @param low the least that a collection left in the second half of the time: no less than what was needed, and not much more
     */
    record Heap(int most, int low) {}

    /** The option with which a JVM writes it. */
    String option() {
        return "-Xlog:gc:file=" + file;
    }

    Heap heap() throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return heap(lines);
        }
    }

    static Heap heap(Stream<String> lines) {
        List<MatchResult> collections = lines.map(COLLECTION::matcher)
                .filter(Matcher::find)
                .map(Matcher::toMatchResult)
                .toList();
        return new Heap(
                collections.stream().mapToInt(HeapLog::before).max().orElse(0),
                collections.stream()
                        .skip(collections.size() / 2)
                        .mapToInt(HeapLog::after)
                        .min()
                        .orElse(0));
    }

    private static int before(MatchResult collection) {
        return Integer.parseInt(collection.group(1));
    }

    private static int after(MatchResult collection) {
        return Integer.parseInt(collection.group(2));
    }
}
