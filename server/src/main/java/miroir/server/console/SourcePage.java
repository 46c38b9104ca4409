package miroir.server.console;

/** One of them, with its definition. */
record SourcePage(View view, SourceRow row, SourceForm form) {
    /** What stands in the daemon's file is changed there. */
    boolean isChangeable() {
        return view.administers() && !row.isFromFile();
    }
}
