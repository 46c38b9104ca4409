package miroir.index.store;

import java.util.List;

/** How a page of a search is found, and what that costs. */
public record Explanation(List<Step> steps) {
    public Explanation {
        steps = List.copyOf(steps);
    }

    /**
     * One look into the store.
     *
     * @param type of what is looked for
     * @param by the index that leads, and what is tested on the way
     * @param plan what the store does, innermost last
     * @param keys of indexes that it read
     * @param documents that it read
     * @param returned how many it found
     * @param millis how long it took
     */
    public record Step(String type, String by, String plan, long keys, long documents, long returned, long millis) {}
}
