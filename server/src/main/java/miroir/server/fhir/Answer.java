package miroir.server.fhir;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import miroir.index.store.ResourceVersion;
import miroir.server.metadata.CapabilityDocument;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * What an interaction answers, before it is bytes.
 *
 * @param headers in the order in which they are sent
 * @param isPretty indented for people
 */
record Answer(int status, Map<String, String> headers, Body body, boolean isPretty) {

    /** What stands in the body. */
    sealed interface Body {}

    /** Nothing. */
    record None() implements Body {}

    /** One stored resource. */
    record OneResource(RawBsonDocument fhir) implements Body {}

    /** A sentence for people. */
    record Information(String text) implements Body {}

    /** One page of a search. */
    record SearchSet(
            String id,
            String base,
            @Nullable Long total,
            List<Link> links,
            List<ResourceVersion.Live> matches,
            List<String> warnings)
            implements Body {
        SearchSet {
            links = List.copyOf(links);
            matches = List.copyOf(matches);
            warnings = List.copyOf(warnings);
        }
    }

    /** What this server can do. */
    record Capabilities(CapabilityDocument document) implements Body {}

    /** A link of a bundle. */
    record Link(String relation, String url) {}

    static Answer of(int status, Body body) {
        return new Answer(status, Map.of(), body, false);
    }

    static Answer empty(int status) {
        return of(status, new None());
    }

    Answer with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Answer(status, more, body, isPretty);
    }

    Answer pretty() {
        return new Answer(status, headers, body, true);
    }
}
