package miroir.index.view;

import java.util.List;

/** A parsed expression of a view; {@code at} is where in its text the last step begins, for refusals. */
sealed interface Expression {
    int at();

    /** {@code $this}, and where a path begins. */
    record Focus(int at) implements Expression {}

    record Member(Expression base, String name, int at) implements Expression {}

    record Item(Expression base, Expression index, int at) implements Expression {}

    record Call(Expression base, String name, List<Expression> arguments, int at) implements Expression {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }

    record Binary(Expression left, String operator, Expression right, int at) implements Expression {}

    record Negative(Expression operand, int at) implements Expression {}

    /** {@code %name}. */
    record Constant(String name, int at) implements Expression {}

    /**
     * A value.
     *
     * @param value a String, a Boolean or a BigDecimal
     * @param type what it is in FHIR
     */
    record Literal(Object value, String type, int at) implements Expression {}
}
