package miroir.index.patch;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import miroir.index.path.PathSteps;
import miroir.index.path.PathSteps.Step;
import org.bson.BsonDocument;
import org.bson.BsonValue;

/** Follows the steps of a path through a resource, and remembers the way to what it finds. */
final class PathEvaluation {
    private PathEvaluation() {}

    /** What the steps lead to. */
    static List<Place> of(BsonDocument resource, List<Step> steps) {
        List<Place> places = List.of(Place.root(resource));
        for (Step step : steps) {
            places = after(step, places);
        }
        return places;
    }

    private static List<Place> after(Step step, List<Place> places) {
        if (step instanceof PathSteps.ToElement element) {
            return places.stream()
                    .flatMap(place -> place.definitions(element.name()).stream()
                            .flatMap(definition -> place.children(definition).stream()))
                    .toList();
        }
        if (step instanceof PathSteps.ToItem item) {
            return item.index() < places.size() ? List.of(places.get(item.index())) : List.of();
        }
        if (step instanceof PathSteps.ToType type) {
            return places.stream()
                    .filter(place -> place.type().equals(type.type()))
                    .toList();
        }
        return matching((PathSteps.ToMatches) step, places);
    }

    private static List<Place> matching(PathSteps.ToMatches step, List<Place> places) {
        Map<String, Predicate<BsonValue>> conditions = new HashMap<>();
        try {
            return places.stream()
                    .filter(place ->
                            conditions.computeIfAbsent(place.type(), step::of).test(place.seen()))
                    .toList();
        } catch (IllegalArgumentException e) {
            throw PatchFailed.malformed(String.valueOf(e.getMessage()));
        }
    }
}
