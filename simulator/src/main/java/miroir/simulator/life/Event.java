package miroir.simulator.life;

/** What can happen to a resource upstream. */
public enum Event {
    /** Its content changes; a stub comes back to life. */
    CHANGE,
    /** Only {@code lastUpdated} changes. */
    BUMP,
    /** It becomes an inactive stub, which vanishes after thirty days. */
    DEACTIVATE,
    /** The same resource, with a new technical id; the old one is gone. */
    RENUMBER,
    /** It is gone without having been deactivated. */
    VANISH,
    /** It is loaded anew: {@code lastUpdated} and version start again; stubs are dropped. */
    RELOAD,
    /** It is loaded anew under a new technical id; stubs are dropped. */
    RELOAD_RENUMBERED
}
