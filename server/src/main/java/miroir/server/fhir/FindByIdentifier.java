package miroir.server.fhir;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import miroir.index.path.RawValue;
import miroir.index.search.EscapedText;
import miroir.index.search.Handling;
import miroir.index.search.Order;
import miroir.index.search.QueryParameter;
import miroir.index.search.SameSystems;
import miroir.index.search.SearchRequest;
import miroir.index.store.Deadline;
import miroir.index.store.Page;
import miroir.index.store.PageQuery;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.server.pipeline.WorkingMemory;
import org.jspecify.annotations.Nullable;

/** Resources by what the world calls them: their business identifiers. */
final class FindByIdentifier {
    private static final int MOST = 20;
    private static final String PARAMETER = "identifier";

    private final ResourceStore store;
    private final QueryReader queries;
    private final SameSystems systems;
    private final Room room;

    FindByIdentifier(ResourceStore store, QueryReader queries, SameSystems systems, Room room) {
        this.store = store;
        this.queries = queries;
        this.systems = systems;
        this.room = room;
    }

    /** Those that have one of these, in turn and with memory; {@code more} where there are more than twenty. */
    Page inTurn(FhirRequest request, Set<String> tokens, Deadline deadline) {
        PageQuery query = query(request, tokens, deadline);
        return room.inTurn(request, store, deadline, () -> {
            WorkingMemory.Held held = room.forPage(request, MOST + 1, 1, deadline);
            Page found = store.select(request.caller(), query);
            held.read(found.resources(), request.format());
            return found;
        });
    }

    /** The same for who has memory already, and may not wait. */
    Page atOnce(FhirRequest request, Set<String> tokens, Deadline deadline) {
        return store.select(request.caller(), query(request, tokens, deadline));
    }

    private PageQuery query(FhirRequest request, Set<String> tokens, Deadline deadline) {
        String type = request.key().type();
        SearchRequest search = queries.of(request, request.base(), null, deadline)
                .parse(type, List.of(new QueryParameter(PARAMETER, String.join(",", tokens))), Handling.STRICT);
        return new PageQuery(type, search.where(), Order.BY_POSITION, null, MOST, null, deadline);
    }

    /** Those of which it is not said that they are inactive, unless that is all. */
    static List<ResourceVersion.Live> active(List<ResourceVersion.Live> found) {
        List<ResourceVersion.Live> active =
                found.stream().filter(FindByIdentifier::isActive).toList();
        return active.isEmpty() ? found : active;
    }

    private static boolean isActive(ResourceVersion.Live live) {
        RawValue resource = RawValue.of(live.fhir());
        RawValue active = resource.get("active");
        return (active == null || !Boolean.FALSE.equals(active.truth())) && !"inactive".equals(resource.text("status"));
    }

    /** The identifiers of a resource that say whose they are, as a search has them; a system that has several names has one here. */
    Set<String> tokens(ResourceVersion.Live live) {
        return RawValue.of(live.fhir()).all(PARAMETER).stream()
                .map(identifier -> token(identifier.text("system"), identifier.text("value")))
                .filter(Objects::nonNull)
                .limit(MOST)
                .collect(Collectors.toSet());
    }

    private @Nullable String token(@Nullable String system, @Nullable String value) {
        return system == null || value == null ? null : token(systems.current(system), true, value);
    }

    /** As a search has it, whatever letters it is made of. */
    static String token(String system, boolean hasSystem, String value) {
        return hasSystem ? EscapedText.escape(system) + "|" + EscapedText.escape(value) : EscapedText.escape(value);
    }
}
