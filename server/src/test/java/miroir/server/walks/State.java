package miroir.server.walks;

import java.net.URI;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import miroir.server.Http;
import miroir.server.TestServer;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/** What held at an instant, by {@code Type/id}. */
record State(Map<String, Document> resources) {

    @Nullable
    Document find(String reference) {
        return resources.get(reference);
    }

    /** All versions that there ever were; a deletion is an empty document. */
    static final class Versions {
        /** By reference, and by the instant from which they held. */
        private final Map<String, TreeMap<Instant, Document>> versions = new HashMap<>();

        private void add(String reference, Instant from, Document resource) {
            versions.computeIfAbsent(reference, any -> new TreeMap<>()).put(from, resource);
        }

        /** What the history of a type has. */
        void read(TestServer server, String type, String since) throws Exception {
            String next = server.base() + "/" + type + "/_history?_count=500&_since=" + since;
            while (next != null) {
                Document bundle =
                        Document.parse(Http.send("GET", URI.create(next), "Authorization", "Bearer " + TestServer.TOKEN)
                                .body());
                for (Document entry : bundle.getList("entry", Document.class, List.of())) {
                    add(entry);
                }
                next = Walk.link(bundle, "next");
            }
        }

        private void add(Document entry) {
            String url = entry.getString("fullUrl");
            Document resource = entry.get("resource", Document.class);
            String from = entry.get("response", Document.class).getString("lastModified");
            add(
                    url.substring(url.indexOf("/fhir/") + "/fhir/".length()),
                    OffsetDateTime.parse(from).toInstant(),
                    resource == null ? new Document() : resource);
        }

        State asAt(Instant instant) {
            Map<String, Document> held = new HashMap<>();
            versions.forEach((reference, ofOne) -> {
                Map.Entry<Instant, Document> last = ofOne.floorEntry(instant);
                if (last != null && !last.getValue().isEmpty()) {
                    held.put(reference, last.getValue());
                }
            });
            return new State(held);
        }
    }
}
