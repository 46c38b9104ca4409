package miroir.server.metadata;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import miroir.index.search.Handling;
import miroir.index.store.Copied;
import org.jspecify.annotations.Nullable;

/**
 * What a server offers beside its search parameters.
 *
 * @param interactions their FHIR codes: {@code read}, {@code create}, …
 * @param denied by type, those of the interactions that who asks may not have of it
 * @param copied how old the copies are, by their types
 * @param deletesSeveral whether a conditional delete may be about several resources
 * @param enforcesReferences whether references are always to something
 * @param handling what is done with unknown parameters of searches, unless the client says it
 * @param crossOrigin whether pages of other sites may ask from browsers
 * @param security who may do what, in a sentence
 * @param smart who issues tokens with scopes of SMART; null: nobody
 * @param version of the software
 * @param base the URL that was asked
 * @param date of that version
 */
public record Offer(
        Set<String> interactions,
        Map<String, Set<String>> denied,
        Map<String, Copied> copied,
        boolean deletesSeveral,
        boolean enforcesReferences,
        Handling handling,
        boolean crossOrigin,
        String security,
        @Nullable SmartSecurity smart,
        String version,
        String base,
        Instant date) {
    /** Stands among the interactions where Subscriptions are delivered. */
    public static final String DELIVERY = "delivery";

    public Offer {
        interactions = Set.copyOf(interactions);
        denied = Map.copyOf(denied);
        copied = Map.copyOf(copied);
    }

    /** Of a server that is strict, that nobody asks from pages of other sites, and for which nobody else issues tokens. */
    public Offer(
            Set<String> interactions,
            Map<String, Set<String>> denied,
            boolean deletesSeveral,
            boolean enforcesReferences,
            String security,
            String version,
            String base,
            Instant date) {
        this(
                interactions,
                denied,
                Map.of(),
                deletesSeveral,
                enforcesReferences,
                Handling.STRICT,
                false,
                security,
                null,
                version,
                base,
                date);
    }

    /** What of it there is for a type. */
    Offer on(String type) {
        return of(without(denied.getOrDefault(type, Set.of())));
    }

    /** What of it there is for some of these types. */
    Offer onAnyOf(Set<String> types) {
        Set<String> everywhere = new TreeSet<>(interactions);
        types.forEach(type -> everywhere.retainAll(denied.getOrDefault(type, Set.of())));
        return of(types.isEmpty() ? interactions : without(everywhere));
    }

    private Set<String> without(Set<String> some) {
        return interactions.stream()
                .filter(interaction -> !some.contains(interaction))
                .collect(Collectors.toSet());
    }

    private Offer of(Set<String> fewer) {
        return fewer.size() == interactions.size()
                ? this
                : new Offer(
                        fewer,
                        Map.of(),
                        copied,
                        deletesSeveral,
                        enforcesReferences,
                        handling,
                        crossOrigin,
                        security,
                        smart,
                        version,
                        base,
                        date);
    }
}
