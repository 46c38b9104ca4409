package miroir.index.patch;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import miroir.index.json.Shortened;
import miroir.index.path.PathSteps;
import miroir.index.path.PathSteps.Step;
import miroir.index.structure.ElementDefinition;
import org.bson.BsonDocument;
import org.bson.BsonValue;

/**
 * One operation of a FHIRPath Patch.
 *
 * @param expression which one it is in the Parameters
 */
record PathOperation(String type, String path, Edit edit, String expression) implements Operations.Operation {
    private static final String ALLOWED = "allowed are add, insert, delete, replace, move";

    /** What is done to a resource with the steps of the path. */
    private interface Edit {
        BsonDocument of(BsonDocument resource, List<Step> steps);
    }

    static PathOperation of(OperationParts parts, String expression) {
        String type = parts.text("type");
        Edit edit = switch (type) {
            case "add" -> add(parts.only(List.of("type", "path", "name", "value")));
            case "insert" -> insert(parts.only(List.of("type", "path", "index", "value")));
            case "delete" -> {
                parts.only(List.of("type", "path"));
                yield PathOperation::delete;
            }
            case "replace" -> replace(parts.only(List.of("type", "path", "value")));
            case "move" -> move(parts.only(List.of("type", "path", "source", "destination")));
            default -> throw PatchFailed.malformed("type is " + Shortened.quote(type) + "; " + ALLOWED);
        };
        return new PathOperation(type, parts.text("path"), edit, expression);
    }

    @Override
    public BsonValue applyTo(BsonValue whole) {
        BsonDocument resource = whole.asDocument();
        return edit.of(resource, steps(resource.getString("resourceType").getValue()));
    }

    private List<Step> steps(String resourceType) {
        try {
            return PathSteps.of(resourceType, path);
        } catch (IllegalArgumentException e) {
            throw PatchFailed.malformed("the path is not understood: " + e.getMessage());
        }
    }

    @Override
    public String toString() {
        return type + " " + Shortened.quote(path);
    }

    private static Edit add(OperationParts parts) {
        String name = parts.text("name");
        BsonDocument value = parts.part("value");
        return (resource, steps) -> {
            Place place = one(resource, steps);
            List<ElementDefinition> forms = place.definitions(name);
            ChosenValue added = ChosenValue.of(value, forms);
            refuseSecond(place, forms, name);
            return place.with(changing(added.element(), all -> all.add(added.occurrence())));
        };
    }

    private static void refuseSecond(Place place, List<ElementDefinition> forms, String name) {
        for (ElementDefinition form : forms) {
            if (!form.many() && !place.children(form).isEmpty()) {
                throw PatchFailed.unfit(name + " is there already and does not repeat; replace changes it");
            }
        }
    }

    private static Edit insert(OperationParts parts) {
        int index = parts.index("index");
        BsonDocument value = parts.part("value");
        return (resource, steps) -> {
            ListPlace list = ListPlace.of(resource, steps);
            list.check("index", index, list.size());
            ChosenValue inserted = ChosenValue.of(value, List.of(list.element()));
            return list.owner().with(changing(list.element(), all -> all.add(index, inserted.occurrence())));
        };
    }

    private static BsonDocument delete(BsonDocument resource, List<Step> steps) {
        List<Place> places = PathEvaluation.of(resource, steps);
        return places.isEmpty() ? resource : single(places).removed();
    }

    private static Edit replace(OperationParts parts) {
        BsonDocument value = parts.part("value");
        return (resource, steps) -> {
            Place place = one(resource, steps);
            Place.Within in = place.inside("replaced; PUT does that");
            List<ElementDefinition> forms = in.owner().definitions(in.element().choice());
            return place.replaced(ChosenValue.of(value, forms));
        };
    }

    private static Edit move(OperationParts parts) {
        int source = parts.index("source");
        int destination = parts.index("destination");
        return (resource, steps) -> {
            ListPlace list = ListPlace.of(resource, steps);
            list.check("source", source, list.size() - 1);
            list.check("destination", destination, list.size() - 1);
            return list.owner().with(changing(list.element(), all -> all.add(destination, all.remove(source))));
        };
    }

    private static Place one(BsonDocument resource, List<Step> steps) {
        List<Place> places = PathEvaluation.of(resource, steps);
        if (places.isEmpty()) {
            throw PatchFailed.unfit("nothing is at the path");
        }
        return single(places);
    }

    static Place single(List<Place> places) {
        if (places.size() > 1) {
            throw PatchFailed.unfit(
                    "the path selects " + places.size() + " elements; allowed is one, such as with [0]");
        }
        return places.get(0);
    }

    private static UnaryOperator<BsonDocument> changing(ElementDefinition element, ListChange change) {
        return object -> {
            List<Occurrence> all = new ArrayList<>(Occurrence.of(object, element));
            change.to(all);
            return Occurrence.with(object, element, all);
        };
    }

    /** A change of what there is of an element. */
    private interface ListChange {
        void to(List<Occurrence> all);
    }
}
