package miroir.index.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.bson.BsonDocument;

/** Reports as they are kept elsewhere, but for how long. */
final class ReportsInMemory implements KeptReports {
    private final Map<String, List<Kept>> reports = new HashMap<>();
    private final Map<String, List<List<String>>> rows = new HashMap<>();
    private int made;

    @Override
    public synchronized List<Kept> newest(String kind, int most) {
        return reports.getOrDefault(kind, List.of()).stream().limit(most).toList();
    }

    @Override
    public synchronized List<List<String>> rows(String id, String list, long after, int most) {
        return rows.getOrDefault(id + "/" + list, List.of()).stream()
                .skip(after)
                .limit(most)
                .toList();
    }

    @Override
    public synchronized boolean make(String kind, Function<Draft, Optional<BsonDocument>> work) {
        String id = String.valueOf(++made);
        Optional<BsonDocument> report = work.apply(new Draft() {
            @Override
            public void row(String list, List<String> cells) {
                rows.computeIfAbsent(id + "/" + list, same -> new ArrayList<>()).add(List.copyOf(cells));
            }

            @Override
            public void goesOn() {
                // Nobody else makes one.
            }
        });
        report.ifPresent(content ->
                reports.computeIfAbsent(kind, same -> new ArrayList<>()).add(0, new Kept(id, content)));
        return report.isPresent();
    }
}
