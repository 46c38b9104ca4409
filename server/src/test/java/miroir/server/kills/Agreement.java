package miroir.server.kills;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import miroir.server.Http;
import miroir.storage.testing.VersionChains;
import org.bson.BsonDocument;
import org.bson.Document;

/** Whether a search of everything, searches by an index, and the history of a type show what is in the database, at rest. */
record Agreement(KillableServer server, VersionChains chains) {
    private static final int LOOKED_UP = 20;

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

    private void checkIndexes() throws Exception {
        for (String id : chains.live().keySet().stream().limit(LOOKED_UP).toList()) {
            List<BsonDocument> versions = chains.of(id);
            String family = versions.get(versions.size() - 1)
                    .getDocument("fhir")
                    .getArray("name")
                    .get(0)
                    .asDocument()
                    .getString("family")
                    .getValue();
            String query = "?family:exact=" + URLEncoder.encode(family, StandardCharsets.UTF_8);
            assertThat(entries(query))
                    .as("%s by its name", id)
                    .extracting(entry -> entry.get("resource", Document.class).getString("id"))
                    .contains(id)
                    .allMatch(other -> chains.live().containsKey(other));
        }
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
