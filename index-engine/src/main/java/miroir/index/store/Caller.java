package miroir.index.store;

import miroir.index.search.Condition;

/**
 * On whose behalf the store is asked.
 *
 * @param tenant whose data: each tenant has its own database
 * @param scope what the caller may see at all; combined with every condition
 */
public record Caller(String tenant, Condition scope) {

    /** The tenant of an installation that has only one. */
    public static final String DEFAULT_TENANT = "miroir";

    /** A caller who may see everything of the default tenant. */
    public static Caller everyone() {
        return new Caller(DEFAULT_TENANT, Condition.all());
    }
}
