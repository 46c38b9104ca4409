package miroir.index.extract;

import java.math.BigDecimal;
import miroir.index.path.RawValue;
import org.jspecify.annotations.Nullable;

/** A primitive as text, whatever it is in JSON. */
final class PrimitiveText {
    private PrimitiveText() {}

    static @Nullable String of(RawValue value) {
        String text = value.text();
        if (text != null) {
            return text;
        }
        Boolean truth = value.truth();
        if (truth != null) {
            return truth.toString();
        }
        BigDecimal number = value.number();
        return number == null ? null : number.toPlainString();
    }
}
