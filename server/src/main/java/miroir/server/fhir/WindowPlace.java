package miroir.server.fhir;

import java.util.List;
import miroir.index.store.PagePosition;
import org.bson.BsonInt32;

/**
 * A place among people who are ranked window by window.
 *
 * @param wide whether there are several windows
 * @param stage in which the window begins
 * @param after the position behind which it does
 * @param offset how many of its people come before
 */
record WindowPlace(boolean wide, int stage, long after, int offset) {
    static final WindowPlace BEGINNING = new WindowPlace(false, 0, 0, 0);
    static final WindowPlace BEGINNING_OF_MANY = new WindowPlace(true, 0, 0, 0);

    /** As a link has it. */
    static WindowPlace of(PagePosition position) {
        return new WindowPlace(number(position, 0) == 1, number(position, 1), position.position(), number(position, 2));
    }

    private static int number(PagePosition position, int key) {
        return position.keys().get(key).asInt32().getValue();
    }

    PagePosition position() {
        return new PagePosition(
                List.of(new BsonInt32(wide ? 1 : 0), new BsonInt32(stage), new BsonInt32(offset)), after);
    }

    WindowPlace at(int other) {
        return new WindowPlace(wide, stage, after, other);
    }

    boolean isBeginning() {
        return stage == 0 && after == 0;
    }
}
