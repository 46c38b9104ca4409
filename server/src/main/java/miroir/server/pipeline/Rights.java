package miroir.server.pipeline;

import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import miroir.index.store.Scope;
import miroir.index.store.SearchInForce;
import miroir.server.access.AdministratorRole;
import miroir.server.access.Grants;
import miroir.server.access.Right;
import miroir.server.access.Role;

/**
 * What whoever asks may do.
 *
 * @param consumer who that is; an empty string where nobody had to say
 * @param counted as whom quotas and turns count him
 * @param byToken whether a token says so
 * @param administrator what they may do as administrators
 * @param search what is searched at present
 * @param token the id of the token by which calls are counted; an empty text where none are
 */
record Rights(
        String consumer,
        String counted,
        boolean byToken,
        Grants grants,
        AdministratorRole administrator,
        Supplier<SearchInForce> search,
        String token) {
    /** Whoever has the token of the file, and the programs that do. */
    static final String LOCAL = "local";

    private static final Grants NOTHING = new Grants(List.of());
    private static final Grants READING = new Grants(Role.READER.permissions());
    private static final Grants EVERYTHING = new Grants(Role.EVERYTHING.permissions());

    /** Those of whom no calls are counted. */
    Rights(
            String consumer,
            String counted,
            boolean byToken,
            Grants grants,
            AdministratorRole administrator,
            Supplier<SearchInForce> search) {
        this(consumer, counted, byToken, grants, administrator, search, "");
    }

    static Rights none() {
        return unnamed(NOTHING);
    }

    static Rights reading() {
        return unnamed(READING);
    }

    static Rights writing() {
        return unnamed(EVERYTHING);
    }

    static Rights all() {
        return new Rights(LOCAL, LOCAL, true, EVERYTHING, AdministratorRole.ADMINISTRATOR, Rights::noSearch);
    }

    private static Rights unnamed(Grants grants) {
        return new Rights("", "", false, grants, AdministratorRole.NOBODY, Rights::noSearch);
    }

    private static SearchInForce noSearch() {
        throw new IllegalStateException("these rights depend on no search");
    }

    Scope scope(Set<Right> rights) {
        return grants.scope(rights, search);
    }

    boolean has(Right right, String type) {
        return grants.has(right, type);
    }

    boolean mayWrite() {
        return grants.mayWrite();
    }

    /** Whether the times of a request may be shown to them. */
    boolean mayTrace() {
        return byToken && grants.has(Right.EXPLAIN, "");
    }
}
