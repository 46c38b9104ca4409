package miroir.benchmarks.operations;

import java.util.List;
import java.util.stream.Stream;
import org.bson.Document;

/**
 * Which resources an answer shows.
 *
 * @param matches in order
 * @param included those beside them, of which the order says nothing
 * @param total how many there are, if none is shown
 */
record Shown(List<String> matches, List<String> included, String total) {
    private static final String MATCH = "match";

    Shown {
        matches = List.copyOf(matches);
        included = List.copyOf(included);
    }

    static Shown of(String body) {
        Document answer = Document.parse(body);
        if (!"Bundle".equals(answer.getString("resourceType"))) {
            return new Shown(List.of(key(answer)), List.of(), "");
        }
        List<Document> entries = answer.getList("entry", Document.class, List.of());
        return new Shown(
                keys(entries, MATCH).toList(),
                keys(entries, "include").sorted().toList(),
                entries.isEmpty() ? String.valueOf(answer.get("total")) : "");
    }

    private static Stream<String> keys(List<Document> entries, String mode) {
        return entries.stream()
                .filter(entry -> entry.containsKey("resource") && mode.equals(mode(entry)))
                .map(entry -> key(entry.get("resource", Document.class)));
    }

    /** FHIR leaves it to servers whether they say it. */
    private static String mode(Document entry) {
        Document search = entry.get("search", Document.class);
        return search == null ? MATCH : search.get("mode", MATCH);
    }

    private static String key(Document resource) {
        return resource.getString("resourceType") + "/" + resource.getString("id");
    }
}
