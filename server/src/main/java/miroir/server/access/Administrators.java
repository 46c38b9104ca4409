package miroir.server.access;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import miroir.index.Refusal;
import miroir.index.store.KeptAccess;
import miroir.index.store.KeptAccess.Kept;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;

/** Administrators, from the first, who comes by a link that works once, to their sessions and their passwords. */
public final class Administrators {
    private static final String SETUP = "setup/first";
    private static final Duration SETUP_LENGTH = Duration.ofHours(24);

    private final AccessRegister register;
    private final KeptAccess kept;
    private final Sessions sessions;
    private final LoginAttempts attempts;
    private final InstantSource clock;

    public Administrators(AccessRegister register, InstantSource clock) {
        this.register = register;
        this.kept = register.kept();
        this.sessions = new Sessions(kept);
        this.attempts = new LoginAttempts(clock);
        this.clock = clock;
    }

    /** Whether there is one. */
    public boolean areThere() {
        return register.present().isAdministered();
    }

    /** The code of a new set-up link; that of the one before works no more. */
    public String newSetUpCode() {
        String code = TokenText.make(TokenText.SETUP);
        BsonDocument content = new BsonDocument("hash", new BsonString(TokenText.hash(code)))
                .append(
                        "until",
                        new BsonString(clock.instant().plus(SETUP_LENGTH).toString()));
        Optional<Kept> before = kept.find(SETUP);
        Optional<Kept> made =
                before.isPresent() ? kept.replace(SETUP, before.get().version(), content) : kept.create(SETUP, content);
        if (made.isEmpty()) {
            throw new Refusal(Refusal.Reason.CONFLICT, "another set-up link was made at the same moment");
        }
        return code;
    }

    /**
     * Makes an administrator by the code of a set-up link, which works no more then; returns the token of a session.
     *
     * @param before is done before that, once the code is known to be right
     */
    public String setUp(String code, String name, String password, String client, Runnable before) {
        beginAttempt("set-up", client);
        Named.ADMINISTRATOR.requireName(name);
        Kept link = kept.find(SETUP)
                .filter(found -> isOf(code, found))
                .orElseThrow(() -> new Refusal(
                        Refusal.Reason.FORBIDDEN,
                        "the set-up link does not work: it was used, or replaced, or is too old"));
        attempts.succeeded("set-up", client);
        Administrator first = new Administrator(name, AdministratorRole.ADMINISTRATOR, PasswordHash.of(password));
        if (kept.find(Named.ADMINISTRATOR.id(name)).isPresent()) {
            throw new Refusal(Refusal.Reason.CONFLICT, "there is an administrator " + name + "; choose another name");
        }
        before.run();
        if (!kept.remove(SETUP, link.version())) {
            throw new Refusal(Refusal.Reason.CONFLICT, "somebody else uses the set-up link at the same moment");
        }
        EditAccess.put(kept, Named.ADMINISTRATOR, name, 0, first.toBson());
        register.newest();
        return sessions.open(first);
    }

    private boolean isOf(String code, Kept link) {
        BsonDocument content = link.content();
        return content.getString("hash").getValue().equals(TokenText.hash(code))
                && clock.instant()
                        .isBefore(Instant.parse(content.getString("until").getValue()));
    }

    /**
     * Logs in; returns the token of a session.
     *
     * @param before is done before it is opened, once the password is known to be right
     */
    public String logIn(String name, String password, String client, Runnable before) {
        beginAttempt(name, client);
        Optional<Administrator> known = find(name);
        boolean right =
                PasswordHash.isOf(password, known.map(Administrator::password).orElse(PasswordHash.NOBODYS));
        if (known.isEmpty() || !right) {
            throw new Refusal(Refusal.Reason.LOGIN_NEEDED, "name or password are wrong");
        }
        attempts.succeeded(name, client);
        before.run();
        return sessions.open(known.get());
    }

    private void beginAttempt(String name, String client) {
        long seconds = attempts.begin(name, client);
        if (seconds > 0) {
            throw new TooOften("too many attempts failed", seconds);
        }
    }

    /** Ends a session. */
    public void logOut(String token) {
        sessions.close(token);
    }

    /** Ends all sessions of somebody. */
    public void closeSessions(String name) {
        require(name);
        sessions.closeAll(name);
    }

    /** Gives somebody another password, who knows his own; all his sessions end, and he goes on in a new one, whose token is returned. */
    public String changePassword(String name, String old, String next, String client) {
        Kept before = require(name);
        beginAttempt(name, client);
        Administrator known = Administrator.of(name, before.content());
        if (!PasswordHash.isOf(old, known.password())) {
            throw new Refusal(Refusal.Reason.FORBIDDEN, "the old password is wrong");
        }
        attempts.succeeded(name, client);
        Administrator changed = new Administrator(name, known.role(), PasswordHash.of(next));
        EditAccess.put(kept, Named.ADMINISTRATOR, name, before.version(), changed.toBson());
        sessions.closeAll(name);
        return sessions.open(changed);
    }

    /** Whether there is one of that name. */
    public boolean isKnown(String name) {
        return register.present().list(Named.ADMINISTRATOR).stream()
                .anyMatch(known -> known.name().equals(name));
    }

    /** All of them, by name. */
    public List<Kept> list() {
        return register.newest().list(Named.ADMINISTRATOR);
    }

    /** One of them. */
    public Kept require(String name) {
        return kept.find(Named.ADMINISTRATOR.id(name)).orElseThrow(() -> EditAccess.missing(Named.ADMINISTRATOR, name));
    }

    private Optional<Administrator> find(String name) {
        return kept.find(Named.ADMINISTRATOR.id(name)).map(found -> Administrator.of(name, found.content()));
    }

    /**
     * Makes one, or changes what the version is of.
     *
     * @param password null: the one that he has
     * @param version 0: there is none yet
     */
    public Kept put(String name, AdministratorRole role, @Nullable String password, long version) {
        Named.ADMINISTRATOR.requireName(name);
        Optional<Administrator> before = find(name);
        String hash = Optional.ofNullable(password)
                .map(PasswordHash::of)
                .or(() -> before.map(Administrator::password))
                .orElseThrow(() -> new Refusal(Refusal.Reason.INVALID, "password is missing"));
        if (before.isPresent() && role != AdministratorRole.ADMINISTRATOR) {
            requireAnother(name, "cannot become " + role.word());
        }
        Kept put =
                EditAccess.put(kept, Named.ADMINISTRATOR, name, version, new Administrator(name, role, hash).toBson());
        if (password != null) {
            sessions.closeAll(name);
        }
        if (role == AdministratorRole.ADMINISTRATOR) {
            kept.find(SETUP).ifPresent(link -> kept.remove(SETUP, link.version()));
        }
        register.newest();
        return put;
    }

    /** Removes one. */
    public void remove(String name, long version) {
        requireAnother(name, "cannot be removed");
        EditAccess.remove(kept, Named.ADMINISTRATOR, name, version);
        sessions.closeAll(name);
        register.newest();
    }

    /** Who removes the last one has locked out himself; two at once may do it, and there is the set-up link. */
    private void requireAnother(String name, String what) {
        boolean another = list().stream()
                .filter(other -> !other.name().equals(name))
                .map(other -> other.content().get("role"))
                .anyMatch(new BsonString(AdministratorRole.ADMINISTRATOR.word())::equals);
        if (!another) {
            throw new Refusal(
                    Refusal.Reason.CONFLICT,
                    name + " " + what + ": nobody else has the role " + AdministratorRole.ADMINISTRATOR.word());
        }
    }
}
