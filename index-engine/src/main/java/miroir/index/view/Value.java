package miroir.index.view;

import java.math.BigDecimal;
import miroir.index.path.RawValue;
import org.jspecify.annotations.Nullable;

/**
 * What a path has got to: something of the resource, seen in place, or something computed.
 *
 * @param type its FHIR type
 * @param raw where it stands; null: it is computed, or a primitive that has extensions and no value
 * @param beside what stands beside a primitive: its id and extensions; null where it has none, or where nobody asks for them
 * @param computed a String, a Boolean or a BigDecimal; null where it is not computed
 */
record Value(
        String type,
        @Nullable RawValue raw,
        @Nullable RawValue beside,
        @Nullable Object computed) {

    static Value of(String type, RawValue raw) {
        return new Value(type, raw, null, null);
    }

    static Value of(String type, Object computed) {
        return new Value(type, null, null, computed);
    }

    /** A String, a Boolean or a BigDecimal; null where there is no such value. */
    @Nullable
    Object simple() {
        if (raw == null) {
            return computed;
        }
        Object text = raw.text();
        Object truth = text == null ? raw.truth() : text;
        return truth == null ? raw.number() : truth;
    }

    @Nullable
    String text() {
        return simple() instanceof String text ? text : null;
    }

    @Nullable
    BigDecimal number() {
        return simple() instanceof BigDecimal number ? number : null;
    }

    @Nullable
    Boolean truth() {
        return simple() instanceof Boolean truth ? truth : null;
    }
}
