package miroir.index.view;

import java.math.BigDecimal;
import java.util.Set;
import java.util.TreeSet;
import miroir.index.Refusal;
import miroir.index.path.PathRefused;
import miroir.index.yaml.YamlNode;
import org.jspecify.annotations.Nullable;

/**
 * Compiles expressions of a view into closures.
 *
 * <p>Types are followed on the way, as FHIR's tables have them: so a misspelt element, a choice whose type nobody named, a comparison that can never hold are
 * refused when the view is read, by their place in the text. FHIRPath itself would have them select nothing, and a column of nulls looks like data.
 */
final class ExpressionCompiler {
    private static final String ROW_INDEX = "rowIndex";

    private final Surroundings surroundings;
    private final Set<String> focus;
    private final Members members;
    private final Functions functions;
    private final Operators operators;

    /**
     * For what is asked of values of these types.
     *
     * @param isLenient whether elements that these types do not have select nothing
     */
    ExpressionCompiler(Surroundings surroundings, Set<String> focus, boolean isLenient) {
        this.surroundings = surroundings;
        this.focus = Set.copyOf(focus);
        this.members = new Members(this, isLenient);
        this.functions = new Functions(this, members);
        this.operators = new Operators(this);
    }

    /** Compiles what is written there. */
    static Typed compile(YamlNode source, Surroundings surroundings, Set<String> focus) {
        return read(source, parsed -> new ExpressionCompiler(surroundings, focus, false).compile(parsed));
    }

    /** The same of what has to be true. */
    static Truth condition(YamlNode source, Surroundings surroundings, Set<String> focus) {
        return read(source, parsed -> new ExpressionCompiler(surroundings, focus, false).truth(parsed));
    }

    /** The same of what rows are made from one by one: whoever asks these for what is beside them has to find it. */
    static Typed compileToIterate(YamlNode source, Surroundings surroundings, Set<String> focus, boolean isLenient) {
        return read(source, parsed -> {
            if (!(root(parsed) instanceof Expression.Focus)) {
                throw new PathRefused(parsed.at(), "a path to elements is expected, and not what is computed");
            }
            return new ExpressionCompiler(surroundings, focus, isLenient).compile(parsed, true);
        });
    }

    /** Whether what it gives is always part of what it is asked of, and never that itself. */
    static boolean isDescending(YamlNode source) {
        Expression left = read(source, parsed -> parsed);
        while (left != null) {
            if (left instanceof Expression.Member member && !Members.isTypeName(member)) {
                return true;
            }
            left = base(left);
        }
        return false;
    }

    /** Where the path of an expression begins. */
    private static Expression root(Expression expression) {
        Expression root = expression;
        for (Expression next = root; next != null; next = base(next)) {
            root = next;
        }
        return root;
    }

    private static @Nullable Expression base(Expression expression) {
        if (expression instanceof Expression.Member member) {
            return member.base();
        }
        if (expression instanceof Expression.Call call) {
            return call.base();
        }
        return expression instanceof Expression.Item item ? item.base() : null;
    }

    private interface Compile<T> {
        T of(Expression parsed);
    }

    private static <T> T read(YamlNode source, Compile<T> compile) {
        try {
            return compile.of(ExpressionParser.parse(source.text()));
        } catch (PathRefused e) {
            throw source.refuse(e.explain(Refusal.shown(source.text())));
        }
    }

    Surroundings surroundings() {
        return surroundings;
    }

    Set<String> focus() {
        return focus;
    }

    /** What is asked of what another expression gives. */
    ExpressionCompiler in(Set<String> types) {
        return new ExpressionCompiler(surroundings, types, false);
    }

    Typed compile(Expression expression) {
        return compile(expression, false);
    }

    /**
     * Compiles it.
     *
     * @param isBesideAsked whether the ids and extensions of primitives are asked for, and primitives that have nothing else
     */
    Typed compile(Expression expression, boolean isBesideAsked) {
        if (expression instanceof Expression.Focus) {
            return new Typed((value, rowIndex, taker) -> taker.take(value), focus, false);
        }
        if (expression instanceof Expression.Member member) {
            return members.member(member, isBesideAsked);
        }
        if (expression instanceof Expression.Item item) {
            return item(item);
        }
        if (expression instanceof Expression.Call call) {
            return functions.call(call, isBesideAsked);
        }
        if (expression instanceof Expression.Binary binary) {
            return operators.binary(binary);
        }
        if (expression instanceof Expression.Negative negative) {
            return operators.negative(negative);
        }
        return constant(expression);
    }

    private Typed constant(Expression expression) {
        if (expression instanceof Expression.Literal literal) {
            requireDate(literal);
            return always(Value.of(literal.type(), literal.value()));
        }
        Expression.Constant constant = (Expression.Constant) expression;
        if (constant.name().equals(ROW_INDEX)) {
            return Typed.one(
                    (value, rowIndex, taker) -> taker.take(Value.of("integer", BigDecimal.valueOf(rowIndex))),
                    "integer");
        }
        Value value = surroundings.constants().get(constant.name());
        if (value == null) {
            throw new PathRefused(
                    constant.at(),
                    "%" + constant.name() + " is not a constant of the view; there are %rowIndex"
                            + String.join(
                                    "",
                                    new TreeSet<>(surroundings.constants().keySet())
                                            .stream().map(name -> ", %" + name).toList()));
        }
        return always(value);
    }

    private static void requireDate(Expression.Literal literal) {
        boolean isOne = switch (Kind.of(literal.type())) {
            case MOMENT -> ConstantReader.isMoment(String.valueOf(literal.value()));
            case TIME -> ConstantReader.isTime(String.valueOf(literal.value()));
            default -> true;
        };
        if (!isOne) {
            throw new PathRefused(literal.at(), "@" + literal.value() + " is not a date or a time; @2026-01-31 is one");
        }
    }

    private static Typed always(Value value) {
        return Typed.one((focus, rowIndex, taker) -> taker.take(value), value.type());
    }

    /** What has extensions and no value has a place, too. */
    private Typed item(Expression.Item item) {
        Typed base = compile(item.base(), true);
        int index = index(item.index());
        Path path = base.path();
        Path selected = (focus, rowIndex, taker) -> {
            Value found = new Counted(index).of(path, focus, rowIndex);
            return found == null || taker.take(found);
        };
        return new Typed(selected, base.types(), false);
    }

    private int index(Expression index) {
        Object value = index instanceof Expression.Literal literal ? literal.value() : null;
        if (index instanceof Expression.Constant constant && !constant.name().equals(ROW_INDEX)) {
            value = compileConstant(constant);
        }
        if (value instanceof BigDecimal number
                && number.signum() >= 0
                && number.scale() <= 0
                && number.precision() < 7) {
            return number.intValue();
        }
        throw new PathRefused(index.at(), "an index is expected: 0, 1, 2, … or a constant with such a value");
    }

    private @Nullable Object compileConstant(Expression.Constant constant) {
        constant(constant);
        Value value = surroundings.constants().get(constant.name());
        return value == null ? null : value.simple();
    }

    /** Finds one by its place. */
    private static final class Counted implements Path.Taker {
        private int left;
        private @Nullable Value found;

        Counted(int index) {
            left = index;
        }

        @Nullable
        Value of(Path path, Value focus, int rowIndex) {
            path.each(focus, rowIndex, this);
            return found;
        }

        @Override
        public boolean take(Value value) {
            if (left-- == 0) {
                found = value;
            }
            return left >= 0;
        }
    }

    /** What is true or false. */
    Truth truth(Expression expression) {
        Typed typed = compile(expression);
        if (!typed.isOnly(Kind.TRUTH)) {
            throw new PathRefused(
                    expression.at(),
                    "what is true or false is expected, and this is " + typed.shownTypes()
                            + "; write .exists() or compare it");
        }
        return truth(typed.path());
    }

    private static Truth truth(Path path) {
        if (path instanceof Typed.OfTruth known) {
            return known.truth();
        }
        return (focus, rowIndex) -> {
            Value only = OnlyValue.of(path, focus, rowIndex, "a condition");
            return only == null ? null : only.truth();
        };
    }
}
