package miroir.index.search;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import miroir.index.SearchParameter;
import miroir.index.path.CompiledPaths;

/**
 * Asks what is referred to once for all that is asked of it: {@code practitioner.family=x&practitioner.given=y}. FHIR has each chain
 * met by itself, by whichever reference; but a role has one practitioner, who then meets both, and whom both together find sooner
 * than each alone. Where there may be several references it stays two questions.
 */
final class ChainsOfOne {
    private ChainsOfOne() {}

    private record Link(SearchParameter reference, String type) {
        /** A canonical without a version may mean several resources. */
        boolean isOne() {
            CompiledPaths path = CompiledPaths.of(reference.type(), List.of(reference));
            return !path.isMany(0) && path.dataTypes(0).equals(Set.of("Reference"));
        }
    }

    /** What all has to hold, chains over the same single reference as one. */
    static List<SearchExpression> together(List<SearchExpression> all) {
        Map<Link, List<SearchExpression>> asked = new LinkedHashMap<>();
        List<SearchExpression> together = new ArrayList<>();
        for (SearchExpression each : all) {
            if (each instanceof SearchExpression.Chain chain) {
                asked.computeIfAbsent(new Link(chain.reference(), chain.type()), link -> new ArrayList<>())
                        .add(chain.of());
            } else {
                together.add(each);
            }
        }
        asked.forEach((link, of) -> together.addAll(chains(link, of)));
        return together;
    }

    private static List<SearchExpression> chains(Link link, List<SearchExpression> of) {
        List<SearchExpression> once = of.size() > 1 && link.isOne() ? List.of(new SearchExpression.And(of)) : of;
        return once.stream()
                .<SearchExpression>map(each -> new SearchExpression.Chain(link.reference(), link.type(), each))
                .toList();
    }
}
