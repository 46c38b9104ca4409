package miroir.server.kills;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import miroir.storage.testing.VersionChains;
import org.bson.BsonDocument;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * Resources that are written by transactions only, and all of them by each. So their versions tell each other's story: the same
 * texts and deletions, begun at the same instants. Each transaction that writes a text also creates a resource that has it: whoever
 * finds the one and not the other has found half a transaction.
 *
 * @param run in which it is written
 */
record Group(String run, int number) {
    private static final int GROUPS = 3;
    private static final int MEMBERS = 3;
    private static final String MADE = "made ";

    static Group any(String run, Random random) {
        return new Group(run, random.nextInt(GROUPS));
    }

    private static Stream<Group> all(String run) {
        return IntStream.range(0, GROUPS).mapToObj(number -> new Group(run, number));
    }

    List<String> members() {
        return IntStream.range(0, MEMBERS)
                .mapToObj(member -> "group-" + run.replaceAll("\\W", "-") + "-" + number + "-" + member)
                .toList();
    }

    /** What is created beside a text. */
    String made(String text) {
        return MADE + run + " " + text;
    }

    /** A transaction that has all members get this text, and one more resource be there. */
    String writing(String text) {
        List<Document> entries = new ArrayList<>();
        for (String id : members()) {
            entries.add(entry("PUT", "/" + id, named(text).append("id", id)));
        }
        entries.add(entry("POST", "", named(made(text))));
        return transaction(entries);
    }

    /** A transaction that deletes all members. */
    String deleting() {
        return transaction(
                members().stream().map(id -> entry("DELETE", "/" + id, null)).toList());
    }

    private static Document named(String family) {
        return new Document("resourceType", KilledClient.TYPE).append("name", List.of(new Document("family", family)));
    }

    private static Document entry(String method, String path, @Nullable Document resource) {
        Document request = new Document("method", method).append("url", KilledClient.TYPE + path);
        return resource == null
                ? new Document("request", request)
                : new Document("resource", resource).append("request", request);
    }

    private static String transaction(List<Document> entries) {
        return new Document("resourceType", "Bundle")
                .append("type", "transaction")
                .append("entry", entries)
                .toJson();
    }

    /** The responses to the entries of a transaction that was done. */
    static List<Document> responses(String body) {
        return Document.parse(body).getList("entry", Document.class).stream()
                .map(entry -> entry.get("response", Document.class))
                .toList();
    }

    /** Members as a page shows them that is as at one instant: all of them with one text, or none. */
    void checkShown(String body) {
        List<String> texts = Document.parse(body).getList("entry", Document.class, List.of()).stream()
                .map(entry -> entry.get("resource", Document.class))
                .map(resource -> resource.getList("name", Document.class).get(0).getString("family"))
                .toList();

        assertThat(texts.size()).as("%s as a page shows it: %s", this, body).isIn(0, MEMBERS);
        assertThat(Set.copyOf(texts))
                .as("%s as a page shows it: %s", this, body)
                .hasSizeLessThanOrEqualTo(1);
    }

    /** That all transactions of a run are there whole, or not at all. */
    static void checkWhole(String run, VersionChains chains) {
        Set<String> written = new TreeSet<>();
        all(run).forEach(group -> written.addAll(group.checkWhole(chains)));
        List<String> made = chains.contents().values().stream()
                .map(Group::family)
                .filter(family -> family.startsWith(MADE + run + " "))
                .map(family -> family.substring((MADE + run + " ").length()))
                .toList();

        assertThat(made).as("%s: what transactions made", run).containsExactlyInAnyOrderElementsOf(written);
    }

    /** The texts of all of its versions. */
    private Set<String> checkWhole(VersionChains chains) {
        List<List<Map.Entry<Object, String>>> stories =
                members().stream().map(id -> story(chains.of(id))).toList();
        assertThat(stories).as("versions of %s", this).allMatch(stories.get(0)::equals);
        return stories.get(0).stream()
                .map(Map.Entry::getValue)
                .filter(text -> !text.isEmpty())
                .collect(Collectors.toSet());
    }

    private static List<Map.Entry<Object, String>> story(List<BsonDocument> versions) {
        return versions.stream()
                .map(version -> Map.<Object, String>entry(
                        version.getDateTime("from"),
                        version.containsKey("fhir") ? family(version.getDocument("fhir")) : ""))
                .toList();
    }

    static String family(BsonDocument fhir) {
        return fhir.getArray("name").get(0).asDocument().getString("family").getValue();
    }
}
