package miroir.server.console;

/** One run: what it did, what it said, and what it could not take. */
record RunPage(View view, RunDetail detail, RejectionList rejections) {
    String name() {
        return detail.run().synchronisation();
    }

    String parent() {
        return "/admin/synchronisations/" + name().replace('/', '.');
    }
}
