package miroir.server;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import miroir.server.paging.KeptQueries;

/** Keeps queries for ever, until told to forget them. */
public final class InMemoryQueries implements KeptQueries {
    private final Map<String, byte[]> queries = new ConcurrentHashMap<>();

    @Override
    public String keep(byte[] query, Instant until) {
        String name = String.valueOf(queries.size());
        queries.put(name, query);
        return name;
    }

    @Override
    public Optional<byte[]> find(String name) {
        return Optional.ofNullable(queries.get(name));
    }

    /** As if everything had expired. */
    public void forget() {
        queries.clear();
    }
}
