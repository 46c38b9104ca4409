package miroir.server.console;

/**
 * How something is, told by a word, a sign and a colour.
 *
 * @param kind class of the stylesheet
 * @param key of the word
 */
record Badge(String kind, String sign, String key) {
    static final Badge GOOD = new Badge("good", "✓", "state.ok");
    static final Badge DONE = new Badge("good", "✓", "state.done");
    static final Badge REJECTS = new Badge("bad", "✗", "state.rejects");
    static final Badge INCOMPLETE = new Badge("bad", "✗", "state.incomplete");
    static final Badge REACHED = new Badge("good", "✓", "state.reached");
    static final Badge UP = new Badge("good", "✓", "state.up");
    static final Badge FRESH = new Badge("good", "✓", "state.fresh");
    static final Badge RUNNING = new Badge("busy", "↻", "state.running");
    static final Badge LATE = new Badge("warn", "!", "state.late");
    static final Badge BAD = new Badge("bad", "✗", "state.ko");
    static final Badge STARTING = new Badge("warn", "…", "state.starting");
    static final Badge STOPPED = new Badge("off", "■", "state.stopped");
    static final Badge NEVER = new Badge("off", "–", "state.never");
    static final Badge NEVER_COPIED = new Badge("off", "–", "state.neverCopied");
    static final Badge NEVER_COPIED_LATE = new Badge("warn", "!", "state.neverCopied");
    static final Badge WAITING = new Badge("warn", "?", "state.waiting");
    static final Badge HELD = new Badge("warn", "?", "state.held");
    static final Badge ABANDONED = new Badge("off", "–", "state.abandoned");
    static final Badge BLOCKED = new Badge("bad", "✗", "state.blocked");
    static final Badge ACTIVE = new Badge("good", "✓", "state.active");
}
