package miroir.index.path;

import org.jspecify.annotations.Nullable;

/** A path inside a condition: how many values it selects, and which one when it is one. */
record PathOperand(PathNode node) {

    int count(RawValue focus) {
        Found found = new Found();
        PathWalk.from(node, focus, found);
        return found.count;
    }

    @Nullable
    RawValue only(RawValue focus) {
        Found found = new Found();
        PathWalk.from(node, focus, found);
        return found.last;
    }

    private static final class Found implements Selection {
        private int count;
        private @Nullable RawValue last;

        @Override
        public void select(Capture capture, RawValue value) {
            count++;
            last = value;
        }
    }
}
