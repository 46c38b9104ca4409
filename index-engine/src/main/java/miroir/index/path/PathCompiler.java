package miroir.index.path;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import miroir.index.SearchParameter;
import org.jspecify.annotations.Nullable;

/** Adds one expression after the other to a tree. */
public final class PathCompiler {
    private final String resourceType;
    private final PathNode focus = new PathNode();
    private final PathNode resource = new PathNode();
    private final Position start;
    private final List<CompiledPaths.Computed> computed = new ArrayList<>();
    private final List<Capture> anywhere = new ArrayList<>();
    private final List<CompiledPaths.Selected> selected = new ArrayList<>();

    /**
     * @param resourceType what {@code %resource} is
     * @param focusType what the expressions are applied to: the same, or an element of it
     */
    PathCompiler(String resourceType, String focusType) {
        this.resourceType = resourceType;
        this.start = Position.root(focus, focusType);
    }

    /** Why an expression cannot be used on a resource type, as a sentence that says where; null when it can. */
    public static @Nullable String check(String type, String expression) {
        return check(type, expression, List.of());
    }

    /** The same for a parameter, with the components if it is a composite. */
    public static @Nullable String check(SearchParameter parameter) {
        return check(parameter.type(), parameter.expression(), parameter.components());
    }

    private static @Nullable String check(String type, String expression, List<SearchParameter.Component> components) {
        try {
            new PathCompiler(type, type).add(expression, components);
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    CompiledPaths compiled() {
        return new CompiledPaths(focus, resource, computed, anywhere, selected);
    }

    void add(String expression, List<SearchParameter.Component> components) {
        if (expression.equals(CompiledPaths.anyReference(resourceType)) && components.isEmpty()) {
            anywhere.add(new Capture(selected.size(), "Reference", null, Map.of()));
            selected.add(new CompiledPaths.Selected(true, Set.of("Reference")));
            return;
        }
        try {
            add(PathParser.parse(expression), components);
        } catch (PathRefused e) {
            throw new IllegalArgumentException(e.explain(expression), e);
        }
    }

    private void add(PathExpression expression, List<SearchParameter.Component> components) {
        if (expression.isCondition()) {
            addCondition(expression);
            return;
        }
        StepCompiler steps = new StepCompiler(List.of(start), Position.root(resource, resourceType));
        List<Position> positions = steps.positions(expression);
        if (positions.isEmpty()) {
            throw new PathRefused(expression.at(), "this selects nothing of a " + start.type());
        }
        Set<String> dataTypes = new LinkedHashSet<>();
        for (Position position : positions) {
            dataTypes.add(position.type());
            capture(position, components);
        }
        boolean many = positions.stream().anyMatch(Position::many) || expression instanceof PathExpression.Union;
        selected.add(new CompiledPaths.Selected(many, dataTypes));
    }

    private void addCondition(PathExpression expression) {
        Capture capture = new Capture(selected.size(), "boolean", null, Map.of());
        computed.add(new CompiledPaths.Computed(capture, ConditionCompiler.compile(expression, start.type())));
        selected.add(new CompiledPaths.Selected(false, Set.of("boolean")));
    }

    private void capture(Position position, List<SearchParameter.Component> components) {
        int slot = selected.size();
        List<Capture> captures = position.node().captures;
        if (captures.stream().noneMatch(capture -> capture.slot() == slot)) {
            captures.add(new Capture(slot, position.type(), compiled(components, position.type()), position.systems()));
        }
    }

    private @Nullable CompiledPaths compiled(List<SearchParameter.Component> components, String type) {
        if (components.isEmpty()) {
            return null;
        }
        PathCompiler compiler = new PathCompiler(resourceType, type);
        components.forEach(component -> compiler.add(component.expression(), List.of()));
        return compiler.compiled();
    }
}
