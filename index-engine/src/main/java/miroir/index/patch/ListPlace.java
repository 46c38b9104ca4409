package miroir.index.patch;

import java.util.List;
import miroir.index.path.PathSteps;
import miroir.index.path.PathSteps.Step;
import miroir.index.structure.ElementDefinition;
import org.bson.BsonDocument;

/** A list and what holds it; the list may be empty, so it is found by its holder and its name. */
record ListPlace(Place owner, ElementDefinition element) {

    static ListPlace of(BsonDocument resource, List<Step> steps) {
        if (steps.isEmpty() || !(steps.get(steps.size() - 1) instanceof PathSteps.ToElement last)) {
            throw PatchFailed.unfit("the path does not end with the name of an element that repeats");
        }
        List<Place> owners = PathEvaluation.of(resource, steps.subList(0, steps.size() - 1));
        if (owners.isEmpty()) {
            throw PatchFailed.unfit("nothing is there that could have " + last.name());
        }
        Place owner = PathOperation.single(owners);
        ElementDefinition element = owner.definitions(last.name()).get(0);
        if (!element.many()) {
            throw PatchFailed.unfit(last.name() + " does not repeat");
        }
        return new ListPlace(owner, element);
    }

    int size() {
        return Occurrence.of(owner.object(), element).size();
    }

    void check(String what, int index, int most) {
        if (index > most) {
            throw PatchFailed.unfit(what + " is " + index + ", and the list has " + size() + "; "
                    + (most < 0 ? "nothing can be moved in it" : "allowed are 0 to " + most));
        }
    }
}
