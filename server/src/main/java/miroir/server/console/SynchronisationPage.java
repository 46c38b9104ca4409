package miroir.server.console;

/** One of them, with its definition. */
record SynchronisationPage(View view, SynchronisationDetail detail, SynchronisationForm form) {
    /** What stands in the daemon's file is changed there. */
    boolean isChangeable() {
        return view.administers() && !detail.isFromFile();
    }
}
