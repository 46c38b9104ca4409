package miroir.server.access;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import miroir.index.Refusal;
import org.jspecify.annotations.Nullable;

/** Finds whose a token is: a consumer's, or that of an administrator's session. */
public final class KnownTokens implements Bearers {
    private static final KnownTokens NONE = new KnownTokens(null, InstantSource.system());

    /** What administrators may do with resources: look, whatever they may do else. */
    private static final Grants LOOKING = new Grants(List.of(Permission.of("READ, SEARCH, HISTORY, EXPLAIN on *")));

    private final @Nullable AccessRegister register;
    private final InstantSource clock;

    private KnownTokens(@Nullable AccessRegister register, InstantSource clock) {
        this.register = register;
        this.clock = clock;
    }

    /** Those of a register. */
    public static KnownTokens of(AccessRegister register, InstantSource clock) {
        return new KnownTokens(register, clock);
    }

    /** Of a server that knows none. */
    public static KnownTokens none() {
        return NONE;
    }

    @Override
    public Bearer find(String token) {
        if (register == null) {
            throw refused("the token is not known here");
        }
        return Sessions.isToken(token) ? ofSession(register, token) : ofConsumer(register, token);
    }

    /** Whether a token of that hash is one of a consumer here, valid or not, as far as that is known without asking. */
    public boolean owns(String hash) {
        return register != null && register.knew(hash);
    }

    /** The database has to be asked for sessions. */
    @Override
    public boolean isDear(String token) {
        return Sessions.isToken(token);
    }

    /** How often somebody whom this found may ask in a second; 0 where that is not said of him. */
    public int quota(String name) {
        return register == null ? 0 : register.quota(name);
    }

    /** Whether there is a consumer of that name who is blocked. */
    public boolean isBlocked(String consumer) {
        return register != null && register.present().isBlocked(consumer);
    }

    /** What a consumer may do, for who does something on its behalf; empty where it is not there, is blocked, or has no token that works. */
    public Optional<Grants> grantsOf(String consumer) {
        return register == null ? Optional.empty() : register.present().grantsOf(consumer, clock.instant());
    }

    /** What roles that somebody made here allow together; one that is not there, or always is, allows nothing. */
    public List<Permission> permissionsOf(List<String> roles) {
        return register == null
                ? List.of()
                : register.present()
                        .permissionsOfRoles(roles.stream()
                                .filter(role -> !Role.isBuiltIn(role))
                                .toList());
    }

    /** Notes that a request with the token of that id is over, whatever was answered. */
    public void called(String token) {
        if (register != null && !token.isEmpty()) {
            register.called(token);
        }
    }

    private static Bearer ofSession(AccessRegister register, String token) {
        Administrator administrator = new Sessions(register.kept())
                .find(token)
                .orElseThrow(() -> refused("the session is over: log in again"));
        String name = Named.ADMINISTRATOR.id(administrator.name());
        return new Bearer(name, name, LOOKING, administrator.role());
    }

    private Bearer ofConsumer(AccessRegister register, String token) {
        AccessSnapshot.Holder holder =
                register.present().holder(TokenText.hash(token)).orElse(null);
        if (holder == null) {
            throw refused("the token is not known here");
        }
        if (!holder.token().isValidAt(clock.instant())) {
            throw refused("the token expired at " + holder.token().expires());
        }
        if (holder.consumer().blocked()) {
            throw refused("the consumer " + holder.consumer().name() + " is blocked");
        }
        register.used(holder.token());
        String name = Named.CONSUMER.id(holder.consumer().name());
        return new Bearer(
                name,
                name,
                holder.grants(),
                AdministratorRole.NOBODY,
                holder.token().id());
    }

    private static Refusal refused(String why) {
        return new Refusal(Refusal.Reason.TOKEN_REFUSED, why);
    }
}
