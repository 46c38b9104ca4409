package miroir.server.metadata;

import java.time.Instant;
import java.util.Set;

/**
 * What a server offers beside its search parameters.
 *
 * @param interactions their FHIR codes: {@code read}, {@code create}, …
 * @param deletesSeveral whether a conditional delete may be about several resources
 * @param enforcesReferences whether references are always to something
 * @param security who may do what, in a sentence
 * @param version of the software
 * @param base the URL that was asked
 * @param date of that version
 */
public record Offer(
        Set<String> interactions,
        boolean deletesSeveral,
        boolean enforcesReferences,
        String security,
        String version,
        String base,
        Instant date) {
    public Offer {
        interactions = Set.copyOf(interactions);
    }
}
