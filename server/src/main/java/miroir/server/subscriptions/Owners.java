package miroir.server.subscriptions;

import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import miroir.index.store.Caller;
import miroir.index.store.Scope;
import miroir.index.store.SearchInForce;
import miroir.server.access.Grants;
import miroir.server.access.KnownTokens;
import miroir.server.access.Right;
import miroir.server.access.Role;
import org.jspecify.annotations.Nullable;

/**
 * What those may see who subscribed, at the moment when something is delivered to them: what they could read or search.
 *
 * <p>An issuer's tokens say at each request what they allow, and nothing of it is kept. So there is nobody to ask for them later, and who has one of these cannot
 * subscribe.
 */
final class Owners {
    /** Who needed no token to write, on this machine. */
    private static final String NOBODY = "";

    private static final String LOCAL = "local";
    private static final String CONSUMER = "consumer/";
    private static final Set<Right> SEEING = Set.of(Right.READ, Right.SEARCH);

    private final KnownTokens tokens;
    private final boolean hasLocalToken;
    private final boolean isOpen;
    private final Supplier<SearchInForce> search;

    /**
     * Those of a tenant.
     *
     * @param hasLocalToken whether there is one
     * @param isOpen whether everybody may read
     */
    Owners(KnownTokens tokens, boolean hasLocalToken, boolean isOpen, Supplier<SearchInForce> search) {
        this.tokens = tokens;
        this.hasLocalToken = hasLocalToken;
        this.isOpen = isOpen;
        this.search = search;
    }

    /** Whether somebody can be asked for later. */
    static boolean canBe(String who) {
        return who.equals(NOBODY) || who.equals(LOCAL) || who.startsWith(CONSUMER);
    }

    /** On whose behalf it is delivered; empty where he may not be told anything any more. */
    Optional<Caller> caller(String owner) {
        return Optional.ofNullable(scope(owner, SEEING)).map(seen -> caller(owner, seen));
    }

    /** The same, and what he may see of what was before; empty where he may not be told anything any more. */
    Optional<Caller> historian(String owner) {
        return Optional.ofNullable(scope(owner, Set.of(Right.HISTORY))).map(seen -> caller(owner, seen));
    }

    private static Caller caller(String owner, Scope seen) {
        return new Caller(Caller.DEFAULT_TENANT, seen, Scope.nothing(), Scope.nothing(), owner);
    }

    private @Nullable Scope scope(String owner, Set<Right> rights) {
        if (owner.equals(LOCAL)) {
            return hasLocalToken ? Scope.everything() : null;
        }
        if (owner.equals(NOBODY)) {
            return isOpen ? new Grants(Role.READER.permissions()).scope(rights, search) : null;
        }
        return owner.startsWith(CONSUMER)
                ? tokens.grantsOf(owner.substring(CONSUMER.length()))
                        .map(grants -> grants.scope(rights, search))
                        .orElse(null)
                : null;
    }
}
