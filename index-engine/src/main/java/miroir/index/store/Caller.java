package miroir.index.store;

/**
 * On whose behalf the store is asked. What is not seen cannot be changed either, whatever the other scopes say; but somebody may create what he does not see.
 *
 * @param tenant whose data: each tenant has its own database
 * @param seen what there is at all; combined with every condition, on each type that it is about
 * @param created the content of which a resource may be made
 * @param changed what may be changed: the version before and the one after an update have to be within it, and what is deleted or
 *     erased
 * @param who by which name he is known; an empty string where nobody had to say
 */
public record Caller(String tenant, Scope seen, Scope created, Scope changed, String who) {

    /** The tenant of an installation that has only one. */
    public static final String DEFAULT_TENANT = "miroir";

    /** One who need not be known by a name. */
    public Caller(String tenant, Scope seen, Scope created, Scope changed) {
        this(tenant, seen, created, changed, "");
    }

    /** A caller who may see and do everything of the default tenant. */
    public static Caller everyone() {
        return new Caller(DEFAULT_TENANT, Scope.everything(), Scope.everything(), Scope.everything());
    }

    /** A caller who may see and do nothing, until it is decided what he may. */
    public static Caller nobody() {
        return new Caller(DEFAULT_TENANT, Scope.nothing(), Scope.nothing(), Scope.nothing());
    }

    /** The same, but told of everything: for what has to be known to answer him, and is not shown to him. */
    public Caller seeingEverything() {
        return new Caller(tenant, Scope.everything(), created, changed, who);
    }
}
