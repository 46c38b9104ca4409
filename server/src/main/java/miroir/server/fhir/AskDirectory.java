package miroir.server.fhir;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import miroir.index.search.QueryParameter;
import miroir.index.store.Deadline;
import miroir.server.pipeline.AskInside;
import miroir.server.pipeline.Exchange;
import miroir.server.routing.Interaction;
import miroir.server.routing.Route;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/** {@code $directory-search} for a page of this server: the interaction that answers programs, with the rights, turns, memory and time that they have. */
public final class AskDirectory {
    private static final Route SEARCH = new Route(Interaction.DIRECTORY_SEARCH, "", "");
    private static final byte[] NO_BODY = new byte[0];

    private final PresentInteractions interactions;
    private final boolean hasLabels;
    private final Duration patience;

    /**
     * @param types that are served
     * @param patience how long all that a page asks may take
     */
    AskDirectory(PresentInteractions interactions, Set<String> types, Duration patience) {
        this.interactions = interactions;
        this.hasLabels = types.contains("CodeSystem");
        this.patience = patience;
    }

    /**
     * What was found, as the bundle would have it.
     *
     * @param total how many people; null: there are too many to be ranked as a whole
     * @param links by relation
     * @param people best first
     * @param beside their roles, and the places of these
     * @param remarks on what may be missing
     */
    public record Found(
            @Nullable Long total,
            Map<String, String> links,
            List<RawBsonDocument> people,
            List<RawBsonDocument> beside,
            List<String> remarks) {
        public Found {
            links = Map.copyOf(links);
            people = List.copyOf(people);
            beside = List.copyOf(beside);
            remarks = List.copyOf(remarks);
        }
    }

    /** Until when a page that is asked for now has to have all that it asks. */
    public Deadline deadline() {
        return Deadline.in(patience);
    }

    /** Asks that, with labels where there are any; what is found is gone once it was read. */
    public <T> T ask(Exchange page, List<QueryParameter> query, Deadline deadline, Function<Found, T> read) {
        List<QueryParameter> labelled = new ArrayList<>(query);
        if (hasLabels) {
            labelled.add(new QueryParameter(FillDisplays.PARAMETER, "true"));
        }
        return AskInside.fhir(page, SEARCH, labelled, asked -> read.apply(found(FhirRequest.inside(asked, deadline))));
    }

    private Found found(FhirRequest request) {
        Interactions taken = interactions.take();
        Answer answer = taken.displays()
                .around(request, asked -> taken.directorySearch().answer(asked, NO_BODY));
        return found((Answer.Bundle) answer.body());
    }

    private static Found found(Answer.Bundle bundle) {
        List<RawBsonDocument> people = new ArrayList<>();
        List<RawBsonDocument> beside = new ArrayList<>();
        List<String> remarks = new ArrayList<>();
        for (Answer.Entry entry : bundle.entries()) {
            if (entry instanceof Answer.RankedMatch match) {
                people.add(match.version().fhir());
            } else if (entry instanceof Answer.Included included) {
                beside.add(included.version().fhir());
            } else if (entry instanceof Answer.Warnings warnings && !warnings.isInformation()) {
                remarks.addAll(warnings.sentences());
            }
        }
        return new Found(
                bundle.total(),
                bundle.links().stream().collect(Collectors.toMap(Answer.Link::relation, Answer.Link::url)),
                people,
                beside,
                remarks);
    }
}
