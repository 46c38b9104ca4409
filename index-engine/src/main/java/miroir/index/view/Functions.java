package miroir.index.view;

import java.util.List;
import java.util.Map;
import java.util.Set;
import miroir.index.NearestName;
import miroir.index.path.PathRefused;
import miroir.index.structure.Structures;
import org.jspecify.annotations.Nullable;

/** Compiles the functions that views have. */
final class Functions {
    /** How many arguments each takes: from, to. */
    private static final Map<String, List<Integer>> ARGUMENTS = Map.ofEntries(
            Map.entry("where", List.of(1, 1)),
            Map.entry("exists", List.of(0, 1)),
            Map.entry("empty", List.of(0, 0)),
            Map.entry("not", List.of(0, 0)),
            Map.entry("first", List.of(0, 0)),
            Map.entry("join", List.of(0, 1)),
            Map.entry("ofType", List.of(1, 1)),
            Map.entry("extension", List.of(1, 1)),
            Map.entry("getResourceKey", List.of(0, 0)),
            Map.entry("getReferenceKey", List.of(0, 1)),
            Map.entry("lowBoundary", List.of(0, 0)),
            Map.entry("highBoundary", List.of(0, 0)));

    private static final Set<Kind> BOUNDED = Set.of(Kind.NUMBER, Kind.MOMENT, Kind.TIME);

    private final ExpressionCompiler compiler;
    private final Members members;

    Functions(ExpressionCompiler compiler, Members members) {
        this.compiler = compiler;
        this.members = members;
    }

    Typed call(Expression.Call call, boolean isBesideAsked) {
        requireArguments(call);
        return switch (call.name()) {
            case "where" -> where(call);
            case "exists" -> Typed.of(exists(call));
            case "empty" -> Typed.of(Truth.not(exists(call)));
            case "not" -> Typed.of(Truth.not(compiler.truth(call.base())));
            case "first" -> first(call);
            case "join" -> join(call);
            case "ofType" ->
                members.ofType(
                        call.base(), typeName(argument(call)), argument(call).at(), isBesideAsked);
            case "extension" -> extension(call, isBesideAsked);
            case "getResourceKey" -> resourceKey(call);
            case "getReferenceKey" -> referenceKey(call);
            case "lowBoundary" -> boundary(call, Boundary.LOW);
            default -> boundary(call, Boundary.HIGH);
        };
    }

    private static void requireArguments(Expression.Call call) {
        List<Integer> allowed = ARGUMENTS.get(call.name());
        if (allowed == null) {
            throw new PathRefused(
                    call.at(),
                    "the function " + call.name() + "() is not one that views have; "
                            + NearestName.hint(
                                    call.name(),
                                    ARGUMENTS.keySet().stream().sorted().toList()));
        }
        int given = call.arguments().size();
        if (given < allowed.get(0) || given > allowed.get(1)) {
            throw new PathRefused(
                    call.at(),
                    call.name() + "() has " + given + " arguments; allowed are "
                            + (allowed.get(0).equals(allowed.get(1))
                                    ? String.valueOf(allowed.get(0))
                                    : allowed.get(0) + " to " + allowed.get(1)));
        }
    }

    private static Expression argument(Expression.Call call) {
        return call.arguments().get(0);
    }

    /** What the condition asks may stand beside a primitive. */
    private Typed where(Expression.Call call) {
        Typed base = compiler.compile(call.base(), true);
        Truth condition = compiler.in(base.types()).truth(argument(call));
        Path path = base.path();
        return new Typed(
                (focus, rowIndex, taker) ->
                        path.each(focus, rowIndex, value -> !condition.holds(value, rowIndex) || taker.take(value)),
                base.types(),
                base.many());
    }

    private Truth exists(Expression.Call call) {
        Path path = (call.arguments().isEmpty() ? compiler.compile(call.base(), true) : where(call)).path();
        return (focus, rowIndex) -> OnlyValue.first(path, focus, rowIndex) != null;
    }

    /** The first one may have extensions and no value; the next one is not the first one then. */
    private Typed first(Expression.Call call) {
        Typed base = compiler.compile(call.base(), true);
        Path path = base.path();
        return new Typed(
                (focus, rowIndex, taker) -> {
                    Value first = OnlyValue.first(path, focus, rowIndex);
                    return first == null || taker.take(first);
                },
                base.types(),
                false);
    }

    private Typed join(Expression.Call call) {
        Typed base = compiler.compile(call.base());
        if (base.kinds().stream().anyMatch(kind -> !kind.isText())) {
            throw new PathRefused(call.at(), "texts can be joined, and this is " + base.shownTypes());
        }
        String between = call.arguments().isEmpty() ? "" : text(argument(call), "between them");
        Path path = base.path();
        return Typed.one(
                (focus, rowIndex, taker) -> {
                    StringBuilder joined = joined(path, focus, rowIndex, between);
                    return joined == null || taker.take(Value.of("string", joined.toString()));
                },
                "string");
    }

    private static @Nullable StringBuilder joined(Path path, Value focus, int rowIndex, String between) {
        StringBuilder joined = new StringBuilder();
        boolean[] isAny = {false};
        path.each(focus, rowIndex, value -> {
            String text = value.text();
            if (text != null) {
                joined.append(isAny[0] ? between : "").append(text);
                ComputedText.requireBound(joined.length());
                isAny[0] = true;
            }
            return true;
        });
        return isAny[0] ? joined : null;
    }

    private Typed extension(Expression.Call call, boolean isBesideAsked) {
        String url = text(argument(call), "the url of the extension");
        Typed all = members.member(new Expression.Member(call.base(), "extension", call.at()), isBesideAsked);
        Path path = all.path();
        return new Typed(
                (focus, rowIndex, taker) -> path.each(focus, rowIndex, value -> {
                    boolean isIt = value.raw() != null && url.equals(value.raw().text("url"));
                    return !isIt || taker.take(value);
                }),
                all.types(),
                all.many());
    }

    /** A text that the expression says, or a constant. */
    private String text(Expression argument, String what) {
        if (argument instanceof Expression.Literal literal && literal.value() instanceof String text) {
            return text;
        }
        if (argument instanceof Expression.Constant constant) {
            compiler.compile(argument);
            Value value = compiler.surroundings().constants().get(constant.name());
            if (value != null && value.simple() instanceof String text) {
                return text;
            }
        }
        throw new PathRefused(argument.at(), "a text between quotes is expected, or a constant with one: " + what);
    }

    private static String typeName(Expression argument) {
        if (argument instanceof Expression.Member name) {
            boolean isPlain = name.base() instanceof Expression.Focus;
            boolean isQualified = name.base() instanceof Expression.Member model
                    && model.base() instanceof Expression.Focus
                    && Set.of("FHIR", "System").contains(model.name());
            if (isPlain || isQualified) {
                return name.name();
            }
        }
        throw new PathRefused(argument.at(), "the name of a type is expected");
    }

    private Typed resourceKey(Expression.Call call) {
        Typed base = compiler.compile(call.base());
        if (base.many() || !base.types().equals(Set.of(compiler.surroundings().resourceType()))) {
            throw new PathRefused(
                    call.at(),
                    "getResourceKey() is asked of the resource itself, which is a "
                            + compiler.surroundings().resourceType() + ", and this is " + base.shownTypes());
        }
        return keys(base, Keys::ofResource);
    }

    private Typed referenceKey(Expression.Call call) {
        Typed base = compiler.compile(call.base());
        if (!base.types().isEmpty() && !base.types().equals(Set.of("Reference"))) {
            throw new PathRefused(
                    call.at(), "getReferenceKey() is asked of a Reference, and this is " + base.shownTypes());
        }
        String type = call.arguments().isEmpty() ? null : typeName(argument(call));
        if (type != null && !Structures.r4().resourceTypes().contains(type)) {
            throw new PathRefused(argument(call).at(), type + " is not a resource type of FHIR R4");
        }
        Keys keys = compiler.surroundings().keys();
        return keys(base, reference -> keys.ofReference(reference, type));
    }

    private interface Key {
        @Nullable
        String of(Value value);
    }

    private static Typed keys(Typed base, Key key) {
        Path path = base.path();
        return new Typed(
                (focus, rowIndex, taker) -> path.each(focus, rowIndex, value -> {
                    String text = key.of(value);
                    return text == null || taker.take(Value.of("string", text));
                }),
                Set.of("string"),
                base.many());
    }

    private Typed boundary(Expression.Call call, Boundary boundary) {
        Typed base = compiler.compile(call.base());
        if (!BOUNDED.containsAll(base.kinds())) {
            throw new PathRefused(
                    call.at(), "numbers, dates and times have boundaries, and this is " + base.shownTypes());
        }
        Path path = base.path();
        Path bounded = (focus, rowIndex, taker) -> path.each(focus, rowIndex, value -> {
            Value bound = boundary.of(value);
            return bound == null || taker.take(bound);
        });
        boolean isOfNumbers = !base.types().isEmpty() && base.isOnly(Kind.NUMBER);
        return new Typed(bounded, isOfNumbers ? Set.of("decimal") : base.types(), base.many());
    }
}
