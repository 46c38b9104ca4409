package miroir.server.kills;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import miroir.server.Http;
import miroir.storage.testing.VersionChains;
import org.bson.BsonDocument;
import org.bson.Document;

/** Whether a search of everything, searches by an index, and the history of a type show what is in the database, at rest. */
record Agreement(KillableServer server, VersionChains chains) {
    /** So many names are asked for by one search: few enough for its query to be short. */
    private static final int AT_ONCE = 50;

    void check() throws Exception {
        Set<String> found = entries("?_count=1000").stream()
                .map(entry -> entry.get("resource", Document.class))
                .map(resource -> resource.getString("id") + " "
                        + resource.get("meta", Document.class).getString("versionId"))
                .collect(Collectors.toSet());
        Set<String> live = chains.live().entrySet().stream()
                .map(each -> each.getKey() + " " + each.getValue())
                .collect(Collectors.toSet());
        assertThat(found).as("what a search finds").isEqualTo(live);
        checkHistory();
        checkIndexes();
    }

    /** Of what is erased the erasure is left. */
    private void checkHistory() throws Exception {
        Set<String> shown = new HashSet<>();
        for (Document entry : entries("/_history?_count=1000")) {
            String[] path = entry.getString("fullUrl").split("/", -1);
            String version =
                    entry.get("response", Document.class).getString("etag").replaceAll("\\D", "");
            shown.add(path[path.length - 1] + "/_history/" + version);
        }
        Set<String> stored = chains.names().stream()
                .filter(name -> !chains.isErased(id(name)) || name.equals(newest(id(name))))
                .collect(Collectors.toSet());
        assertThat(shown).as("what the history has").isEqualTo(stored);
    }

    private static String id(String name) {
        return name.substring(0, name.indexOf('/'));
    }

    private String newest(String id) {
        return id + "/_history/" + chains.newest(id);
    }

    /** By every name that anybody has those are found who have it, and by those that nobody has any more, nobody. */
    private void checkIndexes() throws Exception {
        Map<String, Set<String>> named = new TreeMap<>();
        chains.contents().values().forEach(fhir -> named.put(Group.family(fhir), new TreeSet<>()));
        chains.live().forEach((id, version) -> {
            List<BsonDocument> versions = chains.of(id);
            BsonDocument newest = versions.get(versions.size() - 1);
            of(named, Group.family(newest.getDocument("fhir"))).add(id);
        });
        Map<Boolean, List<String>> byPresence = named.keySet().stream()
                .collect(Collectors.partitioningBy(name -> of(named, name).isEmpty()));
        for (List<String> names : byPresence.values()) {
            for (int first = 0; first < names.size(); first += AT_ONCE) {
                checkIndex(names.subList(first, Math.min(first + AT_ONCE, names.size())), named);
            }
        }
    }

    private void checkIndex(List<String> names, Map<String, Set<String>> named) throws Exception {
        String query =
                "?_count=1000&family:exact=" + URLEncoder.encode(String.join(",", names), StandardCharsets.UTF_8);
        Map<String, Set<String>> found = new TreeMap<>();
        names.forEach(name -> found.put(name, new TreeSet<>()));
        for (Document entry : entries(query)) {
            Document resource = entry.get("resource", Document.class);
            String name = resource.getList("name", Document.class).get(0).getString("family");
            found.computeIfAbsent(name, none -> new TreeSet<>()).add(resource.getString("id"));
        }
        Map<String, Set<String>> expected = new TreeMap<>();
        names.forEach(name -> expected.put(name, of(named, name)));
        assertThat(found).as("who is found by name").isEqualTo(expected);
    }

    private static Set<String> of(Map<String, Set<String>> named, String name) {
        return Objects.requireNonNull(named.get(name), name);
    }

    /** Of all pages. */
    private List<Document> entries(String query) throws Exception {
        List<Document> entries = new ArrayList<>();
        URI next = server.uri("/fhir/" + KilledClient.TYPE + query);
        while (next != null) {
            HttpResponse<String> answer = Http.send("GET", next);
            assertThat(answer.statusCode()).as("%s: %s", next, answer.body()).isEqualTo(200);
            Document page = Document.parse(answer.body());
            entries.addAll(page.getList("entry", Document.class, List.of()));
            next = page.getList("link", Document.class).stream()
                    .filter(link -> link.getString("relation").equals("next"))
                    .map(link -> URI.create(link.getString("url")))
                    .findFirst()
                    .orElse(null);
        }
        return entries;
    }
}
