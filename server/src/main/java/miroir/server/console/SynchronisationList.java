package miroir.server.console;

import java.util.List;

/**
 * Synchronisations, all or those in a state.
 *
 * @param state of those that are shown; empty: all
 * @param isLed whether a daemon is there that does what is asked
 * @param pending what is asked for and not there yet
 */
record SynchronisationList(
        String state, boolean isLed, List<Chip> chips, List<SynchronisationRow> rows, List<String> pending) {
    SynchronisationList {
        chips = List.copyOf(chips);
        rows = List.copyOf(rows);
        pending = List.copyOf(pending);
    }

    /** A state, with how many are in it. */
    record Chip(String key, String path, long count, boolean isHere) {}

    /** The id of its element. */
    String id() {
        return "synchronisations";
    }

    /** What it is called where it is asked for as it is now. */
    String fragment() {
        return state.isEmpty() ? "synchronisations" : "synchronisations:" + state;
    }
}
