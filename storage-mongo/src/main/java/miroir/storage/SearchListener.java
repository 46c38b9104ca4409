package miroir.storage;

/** Who is told what is searched. */
interface SearchListener {
    /** This is what is searched; nothing is said to others before this returns. */
    void loaded(LoadedSearch loaded);

    /** Commits have its fields from now on. */
    void written();

    /** There may be something new. */
    void followed();

    static SearchListener nobody() {
        return new SearchListener() {
            @Override
            public void loaded(LoadedSearch loaded) {
                // nobody
            }

            @Override
            public void written() {
                // nobody
            }

            @Override
            public void followed() {
                // nobody
            }
        };
    }
}
