package miroir.server.fhir;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import miroir.index.Refusal;
import miroir.index.store.Deadline;
import miroir.index.store.Put;
import miroir.index.store.ResourceStore;
import miroir.index.store.Written;
import miroir.server.bundle.BundleEntry;
import miroir.server.pipeline.Decide;
import miroir.server.pipeline.EntryRoutes;
import miroir.server.routing.Interaction;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/** Answers an entry of a bundle by the interaction that would answer it as a request of its own. */
final class AnswerEntry {
    private static final byte[] NO_BODY = new byte[0];
    private static final Set<Interaction> POSSIBLE = EnumSet.of(
            Interaction.CAPABILITIES,
            Interaction.READ,
            Interaction.VREAD,
            Interaction.SEARCH_TYPE,
            Interaction.SEARCH_SYSTEM,
            Interaction.SEARCH_COMPARTMENT,
            Interaction.EVERYTHING,
            Interaction.BY_IDENTIFIER,
            Interaction.LOOKUP,
            Interaction.VALIDATE_CODE,
            Interaction.EXPAND,
            Interaction.HISTORY_INSTANCE,
            Interaction.HISTORY_TYPE,
            Interaction.HISTORY_SYSTEM,
            Interaction.CREATE,
            Interaction.CONDITIONAL_CREATE,
            Interaction.UPDATE,
            Interaction.CONDITIONAL_UPDATE,
            Interaction.PATCH,
            Interaction.CONDITIONAL_PATCH,
            Interaction.DELETE,
            Interaction.CONDITIONAL_DELETE);

    private static final Set<Interaction> HAS_NO_RESOURCE = EnumSet.of(
            Interaction.SEARCH_TYPE,
            Interaction.SEARCH_SYSTEM,
            Interaction.SEARCH_COMPARTMENT,
            Interaction.EVERYTHING,
            Interaction.BY_IDENTIFIER,
            Interaction.LOOKUP,
            Interaction.VALIDATE_CODE,
            Interaction.EXPAND);

    private final EntryRoutes routes;
    private final CapabilitiesInteraction capabilities;
    private final Room room;

    AnswerEntry(EntryRoutes routes, CapabilitiesInteraction capabilities, Room room) {
        this.routes = routes;
        this.capabilities = capabilities;
        this.room = room;
    }

    /** What the entry asks for; refused where that is nothing, or nothing that whoever asks may have. */
    FhirRequest asked(
            FhirRequest bundle,
            BundleEntry entry,
            @Nullable RawBsonDocument resource,
            String newId,
            Deadline deadline) {
        if (entry.method().isEmpty() || entry.url().isEmpty()) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "the entry asks for nothing: it needs a request with a method and a URL",
                    entry.path() + ".request");
        }
        Map<String, String> conditions = entry.conditions();
        EntryRoutes.Asked asked =
                routes.of(entry.method(), entry.url(), bundle.base(), conditions.containsKey("If-None-Exist"));
        FhirRequest request = bundle.entry(
                bundle.exchange().entry(asked.route(), asked.query()),
                new EntryRequest(conditions, resource, newId, deadline));
        refuseOthers(asked.route().interaction(), entry);
        Decide.on(request.exchange());
        return request;
    }

    private static void refuseOthers(Interaction interaction, BundleEntry entry) {
        if (!POSSIBLE.contains(interaction)) {
            throw new Refusal(
                    Refusal.Reason.NOT_SUPPORTED,
                    "the interaction " + interaction.code() + " is not offered in a bundle",
                    entry.path() + ".request");
        }
        if (HAS_NO_RESOURCE.contains(interaction) && entry.resource() != null) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    interaction.code() + " in a bundle has its parameters in the URL, and no resource",
                    entry.path() + ".resource");
        }
    }

    /** The answer of these interactions, which stand on that store. */
    Answer answer(FhirRequest request, BundleEntry entry, Interactions by, ResourceStore store, Deadline deadline) {
        // Searches take turns, and nobody who has memory may wait for those of others.
        Answer answer = by.displays()
                .around(
                        request,
                        asked -> isSearch(asked)
                                ? room.inTurnOfEntry(asked, store, deadline, () -> answer(asked, by))
                                : answer(asked, by));
        // What a client knows already is kept for somebody else's server, which has no entries.
        return entry.method().equals("HEAD") || !answer.hasBody() ? answer.withoutBody() : answer;
    }

    /**
     * An entry that is ready to be written.
     *
     * @param withLabels whether it is answered with those of its codes
     */
    record ReadyPut(BundleEntry entry, FhirRequest request, Put put, boolean withLabels) {}

    /** Whether it writes one resource under its own id, whatever is there: then it does not matter what is written with it. */
    static boolean isPlainPut(FhirRequest request, BundleEntry entry) {
        Interaction interaction = request.exchange().route().interaction();
        return (interaction == Interaction.CREATE || interaction == Interaction.UPDATE)
                && entry.conditions().isEmpty();
    }

    /** All of {@link #answer(FhirRequest, BundleEntry, Interactions, ResourceStore, Deadline)} for such an entry, up to the store. */
    ReadyPut ready(FhirRequest request, BundleEntry entry, Interactions by) {
        boolean withLabels = by.displays().isWanted(request);
        return new ReadyPut(entry, request, by.write().put(request), withLabels);
    }

    /** The rest of it. */
    Answer answer(ReadyPut ready, Written written, Interactions by) {
        Answer answer = by.write().answer(ready.request(), written);
        return ready.withLabels() ? by.displays().filled(ready.request(), answer) : answer;
    }

    private static boolean isSearch(FhirRequest request) {
        return switch (request.exchange().route().interaction()) {
            case SEARCH_TYPE,
                    SEARCH_SYSTEM,
                    SEARCH_COMPARTMENT,
                    EVERYTHING,
                    BY_IDENTIFIER,
                    LOOKUP,
                    VALIDATE_CODE,
                    EXPAND,
                    HISTORY_INSTANCE,
                    HISTORY_TYPE,
                    HISTORY_SYSTEM -> true;
            default -> false;
        };
    }

    private Answer answer(FhirRequest request, Interactions by) {
        return switch (request.exchange().route().interaction()) {
            case CAPABILITIES -> capabilities.answer(request);
            case READ, VREAD -> by.read().answer(request);
            case SEARCH_TYPE -> by.search().answer(request);
            case SEARCH_SYSTEM -> by.systemSearch().answer(request);
            case SEARCH_COMPARTMENT ->
                request.key().type().isEmpty()
                        ? by.systemSearch().answer(request)
                        : by.search().answer(request);
            case EVERYTHING -> by.everything().answer(request, NO_BODY);
            case BY_IDENTIFIER -> by.byIdentifier().answer(request);
            case LOOKUP -> by.codes().lookUp(request, NO_BODY);
            case VALIDATE_CODE -> by.codes().validate(request, NO_BODY);
            case EXPAND -> by.codes().expand(request, NO_BODY);
            case HISTORY_INSTANCE, HISTORY_TYPE, HISTORY_SYSTEM -> by.history().answer(request);
            case CREATE -> by.write().create(request, NO_BODY);
            case CONDITIONAL_CREATE -> by.conditionalWrite().create(request, NO_BODY);
            case UPDATE -> by.write().update(request, NO_BODY);
            case CONDITIONAL_UPDATE -> by.conditionalWrite().update(request, NO_BODY);
            case PATCH -> by.patch().answer(request, NO_BODY);
            case CONDITIONAL_PATCH -> by.conditionalPatch().answer(request, NO_BODY);
            case DELETE -> by.delete().answer(request);
            case CONDITIONAL_DELETE -> by.conditionalDelete().answer(request);
            default -> throw new IllegalStateException("what is not offered in a bundle was refused before");
        };
    }
}
