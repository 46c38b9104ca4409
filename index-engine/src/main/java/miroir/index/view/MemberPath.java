package miroir.index.view;

import java.util.List;
import java.util.Map;
import miroir.index.path.RawValue;
import miroir.index.path.TypeNames;
import miroir.index.structure.ElementDefinition;
import org.jspecify.annotations.Nullable;

/**
 * A step to the elements of a name.
 *
 * <p>A primitive stands in two places: its value under its name, its id and extensions beside it under {@code _name}. Looking there costs as much as looking
 * for the value, and nearly all expressions are about values; so it is done only for those that ask for what is beside, or whether anything is there.
 */
final class MemberPath implements Path {
    private final Path base;
    private final Map<String, List<Form>> formsOfTypes;
    private final boolean isBesideAsked;

    /** One of the names under which the element can stand. */
    record Form(String name, String type, boolean isPrimitive) {
        static Form of(ElementDefinition element) {
            return new Form(element.name(), element.type(), TypeNames.isPrimitive(element.type()));
        }
    }

    MemberPath(Path base, Map<String, List<Form>> formsOfTypes, boolean isBesideAsked) {
        this.base = base;
        this.formsOfTypes = Map.copyOf(formsOfTypes);
        this.isBesideAsked = isBesideAsked;
    }

    @Override
    public boolean each(Value focus, int rowIndex, Taker taker) {
        return base.each(focus, rowIndex, value -> of(value, taker));
    }

    private boolean of(Value value, Taker taker) {
        RawValue owner = value.raw() != null && value.raw().isDocument() ? value.raw() : value.beside();
        List<Form> forms = formsOfTypes.get(value.type());
        if (owner == null || forms == null) {
            return true;
        }
        for (Form form : forms) {
            boolean isInTwoPlaces = form.isPrimitive() && isBesideAsked;
            boolean goesOn = isInTwoPlaces
                    ? withBeside(owner, form, taker)
                    : owner.each(form.name(), found -> taker.take(Value.of(form.type(), found)));
            if (!goesOn) {
                return false;
            }
        }
        return true;
    }

    private static boolean withBeside(RawValue owner, Form form, Taker taker) {
        List<@Nullable RawValue> values = owner.places(form.name());
        List<@Nullable RawValue> besides = owner.places("_" + form.name());
        for (int i = 0; i < Math.max(values.size(), besides.size()); i++) {
            RawValue value = i < values.size() ? values.get(i) : null;
            RawValue beside = i < besides.size() ? besides.get(i) : null;
            boolean isThere = value != null || beside != null;
            if (isThere && !taker.take(new Value(form.type(), value, beside, null))) {
                return false;
            }
        }
        return true;
    }
}
