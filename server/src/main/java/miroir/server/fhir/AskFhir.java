package miroir.server.fhir;

import java.time.Duration;
import java.util.function.Function;
import miroir.index.Refusal;
import miroir.index.store.Deadline;
import miroir.server.pipeline.AskInside;
import miroir.server.pipeline.EntryRoutes;
import miroir.server.pipeline.Exchange;
import miroir.server.routing.Interaction;

/**
 * Has FHIR answer what a page of ours shows: who looks at it gets what he would get if he asked himself, by the same interactions, with the same rights,
 * memory, turns and deadlines, and it is noted like that.
 */
public final class AskFhir {
    /** Of a link to another page; nothing else that is asked stands beside it. */
    public static final String PAGE = PageLinks.PAGE;

    private final PresentInteractions interactions;
    private final EntryRoutes routes;
    private final Duration patience;

    AskFhir(PresentInteractions interactions, EntryRoutes routes, Duration patience) {
        this.interactions = interactions;
        this.routes = routes;
        this.patience = patience;
    }

    /**
     * Asks for what is at a URL.
     *
     * @param page that shows it
     * @param url below the FHIR base
     * @param shown what the page needs of it; nothing else may be left of the resources, whose memory is given back then
     */
    public <T> T get(Exchange page, String url, Function<Told, T> shown) {
        EntryRoutes.Asked asked = routes.of("GET", url, page.base(), false);
        return AskInside.fhir(page, asked.route(), asked.query(), exchange -> {
            FhirRequest request = FhirRequest.inside(exchange, Deadline.in(patience));
            long begun = System.nanoTime();
            Interactions by = interactions.take();
            Answer answer = answer(request, by);
            Answer labelled = isOfThePast(asked) ? answer : by.displays().asFarAsPossible(request, answer);
            return shown.apply(Told.of(answer, labelled, Duration.ofNanos(System.nanoTime() - begun)));
        });
    }

    /**
     * Asks for a page of a history of types, for who follows it.
     *
     * @param url below the FHIR base
     * @param taken what is made of it, while there is memory for it
     */
    <T> T followed(Exchange follower, String url, Function<Answer.Bundle, T> taken) {
        EntryRoutes.Asked asked = routes.of("GET", url, follower.base(), false);
        return AskInside.followed(follower, asked.route(), asked.query(), exchange -> {
            Answer answer = interactions.take().history().answer(FhirRequest.inside(exchange, Deadline.in(patience)));
            return taken.apply((Answer.Bundle) answer.body());
        });
    }

    /** Who compares versions compares what was stored. */
    private static boolean isOfThePast(EntryRoutes.Asked asked) {
        return asked.route().interaction() == Interaction.HISTORY_INSTANCE;
    }

    private static Answer answer(FhirRequest request, Interactions by) {
        return switch (request.exchange().route().interaction()) {
            case READ, VREAD -> by.read().answer(request);
            case SEARCH_TYPE -> by.search().answer(request);
            case HISTORY_INSTANCE -> by.history().answer(request);
            case SEEN -> by.seen().answer(request);
            default ->
                throw new Refusal(
                        Refusal.Reason.NOT_FOUND,
                        "no page shows \"" + Refusal.shown(request.path())
                                + "\"; there are pages of searches, resources, their histories and versions");
        };
    }
}
