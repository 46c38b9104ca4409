package miroir.index.patch;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import miroir.index.structure.ElementDefinition;
import miroir.index.structure.Structures;
import miroir.index.structure.TypeDefinition;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * An element, and the way to it from the resource.
 *
 * @param within what has it; null for the resource itself
 * @param index among those of its name there
 * @param type what it is: a data type, a resource type, or the path of a backbone element
 */
record Place(@Nullable Within within, int index, String type, Occurrence here) {

    /** What has an element, and under which definition. */
    record Within(Place owner, ElementDefinition element) {}

    static Place root(BsonDocument resource) {
        return new Place(null, 0, resource.getString("resourceType").getValue(), new Occurrence(resource, null));
    }

    /** What holds its elements; of a primitive, what holds its id and extensions. */
    BsonDocument object() {
        BsonValue object = isPrimitive() ? here.beside() : here.value();
        return object == null ? new BsonDocument() : object.asDocument();
    }

    /** What stands for it in a condition. */
    BsonValue seen() {
        BsonValue value = here.value();
        return value == null ? object() : value;
    }

    /** The definitions that go by this name: one, or all forms of a choice. */
    List<ElementDefinition> definitions(String name) {
        TypeDefinition elements = elements();
        List<ElementDefinition> found = elements.elements().values().stream()
                .filter(element -> element.choice().equals(name))
                .toList();
        if (found.isEmpty()) {
            throw PatchFailed.unfit(unknown(elements, name));
        }
        return found;
    }

    /** Those of its elements. */
    List<Place> children(ElementDefinition element) {
        List<Place> places = new ArrayList<>();
        List<Occurrence> all = Occurrence.of(object(), element);
        for (int i = 0; i < all.size(); i++) {
            if (!all.get(i).isNothing()) {
                places.add(new Place(new Within(this, element), i, typeOf(element, all.get(i)), all.get(i)));
            }
        }
        return places;
    }

    /** The resource after a change of what this one holds. What is left without anything goes as well, as FHIR wants it. */
    BsonDocument with(UnaryOperator<BsonDocument> change) {
        BsonDocument changed = change.apply(object());
        if (within == null) {
            return changed;
        }
        BsonDocument left = changed.isEmpty() ? null : changed;
        return replaced(isPrimitive() ? new Occurrence(here.value(), left) : new Occurrence(left, here.beside()));
    }

    private BsonDocument replaced(Occurrence by) {
        Within in = inside("changed");
        return in.owner().with(object -> {
            List<Occurrence> all = Occurrence.of(object, in.element());
            if (by.isNothing()) {
                all.remove(index);
            } else {
                all.set(index, by);
            }
            return Occurrence.with(object, in.element(), all);
        });
    }

    /** The resource without it. */
    BsonDocument removed() {
        inside("deleted; DELETE does that");
        return replaced(new Occurrence(null, null));
    }

    /** The resource with something else in its place, which can be another form of the same choice. */
    BsonDocument replaced(ChosenValue by) {
        Within in = inside("replaced; PUT does that");
        if (by.element().name().equals(in.element().name())) {
            return replaced(by.occurrence());
        }
        return in.owner().with(object -> {
            BsonDocument without = Occurrence.with(object, in.element(), List.of());
            return Occurrence.with(without, by.element(), List.of(by.occurrence()));
        });
    }

    /** Where it is; the resource as a whole is nowhere. */
    Within inside(String what) {
        if (within == null) {
            throw PatchFailed.unfit("the path is the whole resource, which cannot be " + what);
        }
        return within;
    }

    private static String typeOf(ElementDefinition element, Occurrence occurrence) {
        return element.type().equals("Resource") && occurrence.value() instanceof BsonDocument contained
                ? contained.getString("resourceType").getValue()
                : element.type();
    }

    private boolean isPrimitive() {
        return known(type).kind() == TypeDefinition.Kind.PRIMITIVE;
    }

    private TypeDefinition elements() {
        return isPrimitive() ? known("Element") : known(type);
    }

    /** The definition of a type that other definitions name. */
    static TypeDefinition known(String type) {
        TypeDefinition definition = Structures.r4().type(type);
        if (definition == null) {
            throw new IllegalStateException("the structure tables do not have " + type);
        }
        return definition;
    }

    private String unknown(TypeDefinition elements, String name) {
        ElementDefinition form = elements.element(name);
        if (form != null) {
            return name + " is a form of " + form.choice() + ", and the path or name is " + form.choice();
        }
        return name + " is not an element of " + type + "; allowed are "
                + elements.elements().values().stream()
                        .map(ElementDefinition::choice)
                        .collect(Collectors.toCollection(TreeSet::new))
                        .stream()
                        .collect(Collectors.joining(", "));
    }
}
