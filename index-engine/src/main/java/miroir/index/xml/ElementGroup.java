package miroir.index.xml;

import java.util.ArrayList;
import java.util.List;
import miroir.index.json.CheckedType.Slot;
import miroir.index.json.RawBson;
import miroir.index.json.RawBsonOutput;
import org.jspecify.annotations.Nullable;

/**
 * The elements of one name that follow each other: in JSON one value, or one array. What a primitive has beside its value
 * comes in a second element, {@code _name}, so it waits until the group is over. A single element without a value is taken
 * back, since JSON then has only the second one; an array of nothing but nulls stays, because HAPI's parser of JSON wants
 * it beside the second one.
 */
final class ElementGroup {
    private final Slot slot;
    private final RawBsonOutput out;
    private final int start;
    private final List<@Nullable RawBsonOutput> besides = new ArrayList<>(1);
    private int typeAt;
    private int arrayAt;
    private boolean hasValue;

    ElementGroup(Slot slot, RawBsonOutput out) {
        this.slot = slot;
        this.out = out;
        this.start = out.size();
        this.typeAt = out.element(slot.element().name());
        if (slot.element().many()) {
            out.type(typeAt, RawBson.ARRAY);
            arrayAt = out.open();
        }
    }

    Slot slot() {
        return slot;
    }

    /** Whether elements under that slot belong here. */
    boolean isOf(Slot other) {
        return slot.element().name().equals(other.element().name());
    }

    /** How many elements have begun. */
    int size() {
        return besides.size();
    }

    /** Begins an element; its value is put next. */
    void begin() {
        if (slot.element().many()) {
            typeAt = out.element(size());
        }
        besides.add(null);
    }

    void value(byte type) {
        out.type(typeAt, type);
        hasValue |= type != RawBson.NULL;
    }

    /** What the element has beside its value. */
    void beside(RawBsonOutput document) {
        besides.set(size() - 1, document);
    }

    void end() {
        if (slot.element().many()) {
            out.close(arrayAt);
        } else if (!hasValue) {
            out.rewind(start);
        }
        if (besides.stream().anyMatch(beside -> beside != null)) {
            putBesides();
        }
    }

    private void putBesides() {
        int name = out.element("_" + slot.element().name());
        if (!slot.element().many()) {
            put(name, besides.get(0));
            return;
        }
        out.type(name, RawBson.ARRAY);
        int array = out.open();
        for (int i = 0; i < besides.size(); i++) {
            put(out.element(i), besides.get(i));
        }
        out.close(array);
    }

    private void put(int at, @Nullable RawBsonOutput beside) {
        out.type(at, beside == null ? RawBson.NULL : RawBson.DOCUMENT);
        if (beside != null) {
            out.put(beside);
        }
    }
}
