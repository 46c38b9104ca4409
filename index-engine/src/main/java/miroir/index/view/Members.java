package miroir.index.view;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import miroir.index.path.PathRefused;
import miroir.index.path.TypeNames;
import miroir.index.structure.ElementDefinition;
import miroir.index.structure.Structures;
import miroir.index.structure.TypeDefinition;
import org.jspecify.annotations.Nullable;

/** Compiles steps to elements, by the tables of FHIR's types. */
final class Members {
    private final ExpressionCompiler compiler;
    private final boolean isLenient;

    Members(ExpressionCompiler compiler, boolean isLenient) {
        this.compiler = compiler;
        this.isLenient = isLenient;
    }

    Typed member(Expression.Member member, boolean isBesideAsked) {
        return isTypeName(member) ? focusOf(member) : element(member, null, isBesideAsked);
    }

    /** Whether it is no step, but the type of what is asked. */
    static boolean isTypeName(Expression.Member member) {
        return member.base() instanceof Expression.Focus
                && Character.isUpperCase(member.name().charAt(0));
    }

    /** A path may begin with the name of the type that it is asked of. */
    private Typed focusOf(Expression.Member member) {
        if (!compiler.focus().contains(member.name())) {
            throw new PathRefused(
                    member.at(),
                    member.name() + " is not what this is asked of, which is "
                            + String.join(" or ", new TreeSet<>(compiler.focus())));
        }
        return compiler.compile(member.base());
    }

    /** {@code base.ofType(type)}: of a choice the one form that is of the type, else what is of the type. */
    Typed ofType(Expression base, String named, int at, boolean isBesideAsked) {
        String type = TypeNames.known(named);
        if (type == null) {
            throw new PathRefused(at, named + " is not a type of FHIR R4");
        }
        boolean isElement = base instanceof Expression.Member member && !isTypeName(member);
        Typed typed = isElement
                ? element((Expression.Member) base, type, isBesideAsked)
                : compiler.compile(base, isBesideAsked);
        return narrowed(typed, type, at);
    }

    private Typed narrowed(Typed typed, String type, int at) {
        Set<String> types = new TreeSet<>(typed.types());
        types.removeIf(each -> !TypeNames.isA(each, type));
        if (typed.types().contains("Resource") && TypeNames.isResource(type)) {
            return new Typed(resources(typed.path(), type), Set.of(type), typed.many());
        }
        if (types.isEmpty() && !typed.types().isEmpty()) {
            throw new PathRefused(at, "this is never of the type " + type + "; it is " + typed.shownTypes());
        }
        if (types.equals(typed.types())) {
            return typed;
        }
        Path path = typed.path();
        return new Typed(
                (focus, rowIndex, taker) ->
                        path.each(focus, rowIndex, value -> !types.contains(value.type()) || taker.take(value)),
                types,
                typed.many());
    }

    private static Path resources(Path path, String type) {
        return (focus, rowIndex, taker) -> path.each(focus, rowIndex, value -> {
            boolean isOfType = value.raw() != null && type.equals(value.raw().text("resourceType"));
            return !isOfType || taker.take(new Value(type, value.raw(), null, null));
        });
    }

    /**
     * Compiles a step.
     *
     * @param wanted of a choice, the one type that is wanted; null: all
     */
    private Typed element(Expression.Member member, @Nullable String wanted, boolean isBesideAsked) {
        boolean isBeside = member.name().equals("extension") || member.name().equals("id");
        Typed base = compiler.compile(member.base(), isBeside);
        Map<String, List<MemberPath.Form>> formsOfTypes = new HashMap<>();
        Set<String> types = new LinkedHashSet<>();
        boolean many = base.many();
        boolean isKnown = false;
        for (String type : base.types()) {
            List<ElementDefinition> elements = elements(type, member.name());
            isKnown |= !elements.isEmpty();
            List<ElementDefinition> taken = elements.stream()
                    .filter(each -> wanted == null
                            || TypeNames.isA(each.type(), wanted)
                            || each.type().equals("Resource"))
                    .toList();
            formsOfTypes.put(type, taken.stream().map(MemberPath.Form::of).toList());
            for (ElementDefinition each : taken) {
                types.add(each.type());
                many |= each.many();
            }
        }
        if (!isKnown && !isLenient && !base.types().isEmpty()) {
            throw new PathRefused(member.at(), unknown(base, member.name()));
        }
        if (isKnown && types.isEmpty()) {
            throw new PathRefused(
                    member.at(),
                    member.name() + " is never of the type " + wanted + "; it is "
                            + element(member, null, false).shownTypes());
        }
        return new Typed(new MemberPath(base.path(), formsOfTypes, isBesideAsked), types, many);
    }

    private static List<ElementDefinition> elements(String type, String name) {
        List<ElementDefinition> elements = new ArrayList<>();
        TypeDefinition definition = definition(type);
        if (definition != null) {
            for (ElementDefinition element : definition.elements().values()) {
                if (element.choice().equals(name)) {
                    elements.add(element);
                }
            }
        }
        return elements;
    }

    /** A primitive has what stands beside it. */
    private static @Nullable TypeDefinition definition(String type) {
        return Structures.r4().type(TypeNames.isPrimitive(type) ? "Element" : type);
    }

    private static String unknown(Typed base, String name) {
        Set<String> allowed = new TreeSet<>();
        for (String type : base.types()) {
            TypeDefinition definition = definition(type);
            ElementDefinition form = definition == null ? null : definition.element(name);
            if (form != null) {
                return name + " is a form of " + form.choice() + ": write " + form.choice() + ".ofType(" + form.type()
                        + ")";
            }
            if (definition != null) {
                definition.elements().values().forEach(element -> allowed.add(element.choice()));
            }
        }
        return name + " is not an element of " + base.shownTypes() + "; allowed are " + String.join(", ", allowed);
    }
}
