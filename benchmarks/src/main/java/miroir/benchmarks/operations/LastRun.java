package miroir.benchmarks.operations;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * What the last run of the same kind that was kept had measured.
 *
 * @param ratios by operation: how much of the limit was reached
 */
record LastRun(String date, String revision, Map<String, Double> ratios) {

    /** Null where there is none, or it is of a form that is not read any more. */
    static @Nullable LastRun read(Path folder, String plan) throws IOException {
        if (!Files.isDirectory(folder)) {
            return null;
        }
        try (Stream<Path> files = Files.list(folder)) {
            Path last = files.filter(file -> file.getFileName().toString().endsWith("-" + plan + ".json"))
                    .max(Path::compareTo)
                    .orElse(null);
            return last == null ? null : of(Document.parse(Files.readString(last)));
        }
    }

    private static @Nullable LastRun of(Document report) {
        List<Document> operations = report.getList("operations", Document.class);
        if (operations == null) {
            return null;
        }
        return new LastRun(
                report.getString("date"),
                report.getString("revision"),
                operations.stream()
                        .filter(each -> each.get("ofLimit") != null)
                        .collect(Collectors.toMap(
                                each -> each.getString("operation"),
                                each -> each.get("ofLimit", Number.class).doubleValue())));
    }
}
