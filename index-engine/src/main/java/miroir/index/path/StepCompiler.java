package miroir.index.path;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import miroir.index.structure.ElementDefinition;
import miroir.index.structure.Structures;
import miroir.index.structure.TypeDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Turns the steps of a path into nodes of a tree, with the type of every node known: choices become their forms
 * ({@code value} is {@code valueQuantity}, {@code valueString}, …), types narrow them, conditions become guarded branches.
 */
final class StepCompiler {
    private final List<Position> focus;
    private final @Nullable Position resource;

    /**
     * @param focus what {@code $this} is
     * @param resource what {@code %resource} is, or null where it is not understood
     */
    StepCompiler(List<Position> focus, @Nullable Position resource) {
        this.focus = focus;
        this.resource = resource;
    }

    List<Position> positions(PathExpression expression) {
        if (expression instanceof PathExpression.Focus) {
            return focus;
        }
        if (expression instanceof PathExpression.Child child) {
            return child(child);
        }
        if (expression instanceof PathExpression.Union union) {
            List<Position> all = new ArrayList<>();
            union.parts().forEach(part -> all.addAll(positions(part)));
            return all;
        }
        if (expression instanceof PathExpression.OfType type) {
            return ofType(type);
        }
        if (expression instanceof PathExpression.Filter filter) {
            return filter(filter);
        }
        if (expression instanceof PathExpression.Item item) {
            return item(item);
        }
        if (expression instanceof PathExpression.WholeResource && resource != null) {
            return List.of(resource);
        }
        throw new PathRefused(expression.at(), reason(expression));
    }

    private static String reason(PathExpression expression) {
        if (expression instanceof PathExpression.Resolve) {
            return "resolve() is understood only before is: what a reference points to is in another document";
        }
        if (expression instanceof PathExpression.WholeResource) {
            return "%resource is not understood inside a condition";
        }
        return "a path is expected";
    }

    private List<Position> child(PathExpression.Child child) {
        if (child.base() instanceof PathExpression.Focus && isTypeName(child.name())) {
            return typed(child);
        }
        List<Position> bases = positions(child.base());
        List<Position> found = new ArrayList<>();
        bases.forEach(base -> addChildren(base, child.name(), found));
        if (found.isEmpty() && !bases.isEmpty()) {
            throw new PathRefused(child.at(), unknownElement(bases, child.name()));
        }
        return found;
    }

    private static boolean isTypeName(String name) {
        return Character.isUpperCase(name.charAt(0));
    }

    /** A path that starts with the name of a type selects nothing of resources of another type. */
    private List<Position> typed(PathExpression.Child child) {
        if (!TypeNames.isResource(child.name()) && Structures.r4().type(child.name()) == null) {
            throw new PathRefused(child.at(), child.name() + " is not a type of FHIR R4");
        }
        return focus.stream()
                .filter(position -> isCalled(child.name(), position.type()))
                .toList();
    }

    private static boolean isCalled(String name, String type) {
        boolean anyResource = name.equals("Resource") || name.equals("DomainResource");
        return name.equals(type) || (anyResource && TypeNames.isResource(type));
    }

    private static void addChildren(Position base, String name, List<Position> found) {
        TypeDefinition type = Structures.r4().type(base.type());
        if (type == null || type.kind() == TypeDefinition.Kind.PRIMITIVE) {
            addOfPrimitive(base, name, found);
            return;
        }
        for (ElementDefinition element : type.elements().values()) {
            if (element.choice().equals(name)) {
                found.add(step(base, base.node(), element));
            }
        }
    }

    /** The id and the extensions of a primitive stand beside it, under {@code _name}. */
    private static void addOfPrimitive(Position base, String name, List<Position> found) {
        TypeDefinition element = Structures.r4().type("Element");
        ElementDefinition definition = element == null ? null : element.element(name);
        PathNode owner = base.owner();
        if (definition != null && owner != null) {
            found.add(step(base, owner.child("_" + base.name()), definition));
        }
    }

    private static Position step(Position base, PathNode node, ElementDefinition element) {
        boolean many = base.many() || element.many();
        return new Position(
                node.child(element.name()),
                element.type(),
                many,
                base.many(),
                node,
                element.name(),
                element.allowed().systems());
    }

    private static String unknownElement(List<Position> bases, String name) {
        TreeSet<String> allowed = new TreeSet<>();
        for (Position base : bases) {
            TypeDefinition type = Structures.r4().type(base.type());
            if (type != null) {
                ElementDefinition form = type.element(name);
                if (form != null) {
                    return name + " is a form of " + form.choice() + ": write " + form.choice() + ".ofType("
                            + form.type() + ")";
                }
                type.elements().values().forEach(element -> allowed.add(element.choice()));
            }
        }
        String types = String.join(
                " or ", new TreeSet<>(bases.stream().map(Position::type).toList()));
        return name + " is not an element of " + types
                + (allowed.isEmpty() ? "; id and extension are" : "; allowed are " + String.join(", ", allowed));
    }

    private List<Position> ofType(PathExpression.OfType expression) {
        String type = TypeNames.known(expression.type());
        if (type == null) {
            throw new PathRefused(expression.at(), expression.type() + " is not a type of FHIR R4");
        }
        List<Position> narrowed = new ArrayList<>();
        for (Position position : positions(expression.base())) {
            if (TypeNames.isA(position.type(), type)) {
                narrowed.add(position);
            } else if (position.type().equals("Resource") && TypeNames.isResource(type)) {
                PathNode node = position.node().guarded("is " + type, new PathCondition.ResourceIs(type));
                narrowed.add(position.narrowed(node, type));
            }
        }
        return narrowed;
    }

    private List<Position> filter(PathExpression.Filter filter) {
        List<Position> narrowed = new ArrayList<>();
        for (Position position : positions(filter.base())) {
            PathCondition condition = ConditionCompiler.compile(filter.condition(), position.type());
            narrowed.add(position.narrowed(position.node().guarded(filter.text(), condition), position.type()));
        }
        return narrowed;
    }

    private List<Position> item(PathExpression.Item item) {
        List<Position> items = new ArrayList<>();
        for (Position position : positions(item.base())) {
            if (position.manyBefore() || position.owner() == null) {
                throw new PathRefused(
                        item.at(),
                        "an index is understood only directly after an element, where none before it repeats");
            }
            PathNode node = position.node().item(item.index());
            items.add(new Position(node, position.type(), false, false, null, "", position.systems()));
        }
        return items;
    }
}
