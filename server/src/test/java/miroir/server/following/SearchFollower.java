package miroir.server.following;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import miroir.server.ServerProcess;

/**
 * Follows one type by {@code _lastUpdated=ge}. A search shows the newest state only: so what it must know in the end is the
 * newest version of every resource that is not deleted.
 */
final class SearchFollower extends Follower {
    private static final int PAGE = 50;

    private final String type;
    private final BinaryOperator<Instant> cursor;
    private final Map<String, Long> seen = new HashMap<>();

    private SearchFollower(List<ServerProcess> servers, String type, BinaryOperator<Instant> cursor) {
        super(servers, type.length());
        this.type = type;
        this.cursor = cursor;
    }

    static SearchFollower of(List<ServerProcess> servers, String type) {
        return new SearchFollower(servers, type, (asked, answered) -> answered);
    }

    /** As a client does that trusts its own clock: it goes on from when it asked, and misses what was not yet visible. */
    static SearchFollower byOwnClock(List<ServerProcess> servers, String type) {
        return new SearchFollower(servers, type, (asked, answered) -> asked);
    }

    String type() {
        return type;
    }

    @Override
    String since(Instant instant) {
        return "/fhir/" + type + "?_lastUpdated=ge" + instant + "&_count=" + PAGE;
    }

    @Override
    Instant next(Instant asked, Instant answered) {
        return cursor.apply(asked, answered);
    }

    @Override
    void see(JsonNode entry) {
        JsonNode resource = entry.path("resource");
        long version = Long.parseLong(resource.at("/meta/versionId").asText());
        seen.merge(resource.path("id").asText(), version, Math::max);
    }

    /** What it does not know of what there is: the versions by id. */
    List<String> missed(Map<String, Long> live) {
        List<String> missed = new ArrayList<>();
        live.forEach((id, version) -> {
            long known = seen.getOrDefault(id, 0L);
            if (known != version) {
                missed.add(type + '/' + id + " version " + version + ", knows " + known);
            }
        });
        return missed;
    }
}
