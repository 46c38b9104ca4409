package miroir.server.access;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import miroir.index.store.KeptAccess;
import miroir.index.store.KeptAccess.Use;
import miroir.index.store.KeptAudit;
import miroir.index.store.SearchInForce;
import org.jspecify.annotations.Nullable;

/** What has to do with the register of access, put together; and where it is noted who did what. */
public final class AccessParts implements AutoCloseable {
    private final AccessRegister register;
    private final KeptAudit audit;
    private final EditAccess edit;
    private final Administrators administrators;
    private final TokenRequests requests;
    private final KnownTokens tokens;
    private final EditSettings settings;

    private AccessParts(
            AccessRegister register,
            KeptAudit audit,
            Supplier<SearchInForce> search,
            RequestRules rules,
            InstantSource clock) {
        this.register = register;
        this.audit = audit;
        this.edit = new EditAccess(register, search, clock);
        this.administrators = new Administrators(register, clock);
        this.requests = new TokenRequests(register, edit, rules, clock);
        this.tokens = KnownTokens.of(register, clock);
        this.settings = new EditSettings(register, clock);
    }

    /** Of the register that is kept there. */
    public static AccessParts of(
            KeptAccess kept, KeptAudit audit, Supplier<SearchInForce> search, RequestRules rules, InstantSource clock) {
        return new AccessParts(AccessRegister.follow(kept), audit, search, rules, clock);
    }

    /** Where it is noted who did what. */
    public KeptAudit audit() {
        return audit;
    }

    public EditAccess edit() {
        return edit;
    }

    public Administrators administrators() {
        return administrators;
    }

    public TokenRequests requests() {
        return requests;
    }

    /** Whose tokens are; of a server without a register nobody has one. */
    public static KnownTokens tokens(@Nullable AccessParts access) {
        return access == null ? KnownTokens.none() : access.tokens;
    }

    /** What is set instead of what the file says. */
    public EditSettings settings() {
        return settings;
    }

    /** By the id of a token, how it was used; a few seconds late. */
    public Map<String, Use> uses(List<String> ids) {
        return ids.isEmpty() ? Map.of() : register.kept().uses(ids);
    }

    /** What a consumer may do, from all its roles. */
    public List<String> permissionsOf(String consumer) {
        return register.present().permissionsOf(consumer).stream()
                .map(Permission::toString)
                .toList();
    }

    @Override
    public void close() {
        register.close();
        audit.close();
    }
}
