package miroir.server.following;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import miroir.server.ServerProcess;

/** Follows a history by {@code _since}, of one type or of all. It must know every version in the end, deletions included. */
final class HistoryFollower extends Follower {
    private static final int PAGE = 50;

    private final String history;
    private final Set<String> seen = new HashSet<>();

    private HistoryFollower(List<ServerProcess> servers, String history) {
        super(servers, history.length());
        this.history = history;
    }

    static HistoryFollower ofType(List<ServerProcess> servers, String type) {
        return new HistoryFollower(servers, "/fhir/" + type + "/_history");
    }

    static HistoryFollower ofSystem(List<ServerProcess> servers) {
        return new HistoryFollower(servers, "/fhir/_history");
    }

    @Override
    String since(Instant instant) {
        return history + "?_since=" + instant + "&_count=" + PAGE;
    }

    /** What was deleted has no resource, and what was created no id in its request; the full URL names both. */
    @Override
    void see(JsonNode entry) {
        String[] path = entry.path("fullUrl").asText().split("/", -1);
        String version = entry.at("/response/etag").asText().replaceAll("\\D", "");
        seen.add(path[path.length - 2] + '/' + path[path.length - 1] + "/_history/" + version);
    }

    /** The versions that it knows: {@code Practitioner/p1/_history/1}. */
    Set<String> seen() {
        return seen;
    }
}
