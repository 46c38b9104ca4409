package miroir.server.access;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import miroir.index.Refusal;
import miroir.index.store.KeptAccess;
import miroir.index.store.KeptAccess.Kept;
import miroir.index.store.SearchInForce;
import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;

/** Changes roles, groups and consumers, each by who has seen what it replaces; what could mean nothing is refused. */
public final class EditAccess {
    private static final int MOST_TOKENS = 20;
    private static final Duration LONGEST = Duration.ofDays(3650);

    private final AccessRegister register;
    private final KeptAccess kept;
    private final Supplier<SearchInForce> search;
    private final InstantSource clock;

    public EditAccess(AccessRegister register, Supplier<SearchInForce> search, InstantSource clock) {
        this.register = register;
        this.kept = register.kept();
        this.search = search;
        this.clock = clock;
    }

    /** What there is of a kind, by name; of roles also those that are always there. */
    public List<Kept> list(Named kind) {
        return register.newest().list(kind);
    }

    /** One of a kind. */
    public Kept require(Named kind, String name) {
        return list(kind).stream()
                .filter(found -> found.id().equals(kind.id(name)))
                .findFirst()
                .orElseThrow(() -> missing(kind, name));
    }

    static Refusal missing(Named kind, String name) {
        return new Refusal(Refusal.Reason.NOT_FOUND, "there is no " + kind.word() + " \"" + Refusal.shown(name) + "\"");
    }

    static Refusal changedMeanwhile() {
        return new Refusal(
                Refusal.Reason.PRECONDITION_FAILED,
                "it was changed meanwhile, or the version in If-Match is not its own");
    }

    /** Makes what is not there, version 0, or replaces the version that was seen. */
    static Kept put(KeptAccess kept, Named kind, String name, long version, BsonDocument content) {
        if (version > 0) {
            return kept.replace(kind.id(name), version, content).orElseThrow(EditAccess::changedMeanwhile);
        }
        return kept.create(kind.id(name), content)
                .orElseThrow(() -> new Refusal(
                        Refusal.Reason.PRECONDITION_FAILED,
                        "the " + kind.word() + " " + name
                                + " is there already; to replace it, name its version in If-Match"));
    }

    static void remove(KeptAccess kept, Named kind, String name, long version) {
        if (kept.find(kind.id(name)).isEmpty()) {
            throw missing(kind, name);
        }
        if (!kept.remove(kind.id(name), version)) {
            throw changedMeanwhile();
        }
    }

    /** Makes or replaces a role; all its permissions mean something by what is searched now. */
    public Kept putRole(String name, List<String> permissions, long version) {
        Named.ROLE.requireName(name);
        requireNotBuiltIn(name);
        List<Permission> read = permissions.stream().map(Permission::of).toList();
        read.forEach(this::requireMeaning);
        return changed(put(kept, Named.ROLE, name, version, new Role(name, read).toBson()));
    }

    private static void requireNotBuiltIn(String name) {
        if (Role.isBuiltIn(name)) {
            throw new Refusal(Refusal.Reason.CONFLICT, "the role " + name + " is always there as it is");
        }
    }

    private void requireMeaning(Permission permission) {
        SearchInForce inForce = search.get();
        Set<String> types = inForce.made().registry().types();
        if (permission.type().equals(Permission.ALL)) {
            types.forEach(type -> Narrowing.of(permission, type, inForce));
        } else if (types.contains(permission.type())) {
            Narrowing.of(permission, permission.type(), inForce);
        } else {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "the permission \"" + permission + "\": " + permission.type() + " is not served here; served: "
                            + Refusal.shown(String.join(", ", types)));
        }
    }

    /** Makes or replaces a group. */
    public Kept putGroup(String name, List<String> roles, long version) {
        Named.GROUP.requireName(name);
        requireThere(Named.ROLE, roles);
        return changed(put(kept, Named.GROUP, name, version, new Group(name, roles).toBson()));
    }

    /** Makes a consumer, or replaces what is said of it; its tokens and its quota stay. */
    public Kept putConsumer(String name, String contact, List<String> groups, List<String> roles, long version) {
        Named.CONSUMER.requireName(name);
        requirePossible(name, groups, roles);
        Optional<Consumer> before = seen(name, version);
        Consumer next = new Consumer(
                name,
                contact,
                groups,
                roles,
                before.map(Consumer::blocked).orElse(false),
                before.map(Consumer::quota).orElse(0),
                before.map(Consumer::tokens).orElse(List.of()));
        return changed(put(kept, Named.CONSUMER, name, version, next.toBson()));
    }

    /** Each of them is part of every query. */
    private void requireFew(Consumer consumer) {
        int permissions = register.newest().permissions(consumer).size();
        if (permissions > Grants.MOST) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "the roles of " + consumer.name() + " have " + permissions + " permissions together; allowed are "
                            + Grants.MOST);
        }
    }

    /** Makes a consumer with a token, or neither. */
    Issued makeConsumer(String name, String contact, List<String> groups, List<String> roles, String label) {
        requirePossible(name, groups, roles);
        String text = TokenText.make(TokenText.CONSUMER);
        IssuedToken token = new IssuedToken(newTokenId(), TokenText.hash(text), label, clock.instant(), null);
        Consumer made = new Consumer(name, contact, groups, roles, false, 0, List.of(token));
        changed(put(kept, Named.CONSUMER, name, 0, made.toBson()));
        return new Issued(token, text);
    }

    private static String newTokenId() {
        return UUID.randomUUID().toString().substring(0, 8);
    }

    /** The consumer in that version; none where it is new, or cannot be read and is to be replaced. */
    private Optional<Consumer> seen(String name, long version) {
        if (version == 0) {
            return Optional.empty();
        }
        Kept found = kept.find(Named.CONSUMER.id(name)).orElseThrow(() -> missing(Named.CONSUMER, name));
        if (found.version() != version) {
            throw changedMeanwhile();
        }
        return read(found);
    }

    /** Refuses what no consumer can have. */
    void requirePossible(String name, List<String> groups, List<String> roles) {
        requireThere(Named.GROUP, groups);
        requireThere(Named.ROLE, roles);
        requireFew(new Consumer(name, "", groups, roles, false, 0, List.of()));
    }

    private void requireThere(Named kind, List<String> names) {
        List<Kept> there = list(kind);
        for (String name : names) {
            if (there.stream().noneMatch(found -> found.id().equals(kind.id(name)))) {
                throw new Refusal(
                        Refusal.Reason.INVALID, "there is no " + kind.word() + " \"" + Refusal.shown(name) + "\"");
            }
        }
    }

    /** Removes a role or a group that is not in use, or a consumer. */
    public void remove(Named kind, String name, long version) {
        if (kind == Named.ROLE) {
            requireNotBuiltIn(name);
        }
        List<String> users = register.newest().users(kind, name);
        if (!users.isEmpty()) {
            throw new Refusal(
                    Refusal.Reason.CONFLICT,
                    "the " + kind.word() + " " + name + " is in use: " + Refusal.shown(String.join(", ", users)));
        }
        List<String> tokens = kind == Named.CONSUMER ? tokens(name) : List.of();
        remove(kept, kind, name, version);
        register.newest();
        kept.forgetUses(tokens);
    }

    private List<String> tokens(String consumer) {
        return kept.find(Named.CONSUMER.id(consumer)).flatMap(EditAccess::read).stream()
                .flatMap(found -> found.tokens().stream())
                .map(IssuedToken::id)
                .toList();
    }

    /** Refuses all tokens of a consumer, or accepts them again. */
    public Kept block(String name, boolean blocked) {
        return changeConsumer(
                name,
                before -> new Consumer(
                        name,
                        before.contact(),
                        before.groups(),
                        before.roles(),
                        blocked,
                        before.quota(),
                        before.tokens()));
    }

    /** Says how often a consumer may ask in a second; null: as the configuration says. */
    public Kept limit(String name, @Nullable Integer quota) {
        if (quota != null && (quota < 1 || quota > Consumer.MOST_PER_SECOND)) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "quota is " + quota + "; allowed are 1 to " + Consumer.MOST_PER_SECOND
                            + " requests per second, or null for what limits.consumerRate says");
        }
        return changeConsumer(
                name,
                before -> new Consumer(
                        name,
                        before.contact(),
                        before.groups(),
                        before.roles(),
                        before.blocked(),
                        quota == null ? 0 : quota,
                        before.tokens()));
    }

    /** A token as it was issued, with what is shown once. */
    public record Issued(IssuedToken token, String text) {
        @Override
        public String toString() {
            return token.toString();
        }
    }

    /** Issues a token; without an expiry it works until it is revoked. */
    public Issued issue(String name, String label, @Nullable Instant expires) {
        Instant now = clock.instant();
        if (expires != null && (!expires.isAfter(now) || expires.isAfter(now.plus(LONGEST)))) {
            throw new Refusal(
                    Refusal.Reason.INVALID, "expires is " + expires + "; allowed is a time within ten years from now");
        }
        String text = TokenText.make(TokenText.CONSUMER);
        IssuedToken token = new IssuedToken(newTokenId(), TokenText.hash(text), label, now, expires);
        changeConsumer(name, before -> {
            List<IssuedToken> tokens = new ArrayList<>(before.tokens());
            tokens.add(token);
            if (tokens.size() > MOST_TOKENS) {
                throw new Refusal(
                        Refusal.Reason.CONFLICT, name + " has " + MOST_TOKENS + " tokens already; revoke one first");
            }
            return before.with(tokens);
        });
        return new Issued(token, text);
    }

    /** Revokes a token. */
    public void revoke(String name, String id) {
        changeConsumer(name, before -> {
            List<IssuedToken> tokens = new ArrayList<>(before.tokens());
            if (!tokens.removeIf(token -> token.id().equals(id))) {
                throw new Refusal(Refusal.Reason.NOT_FOUND, name + " has no token \"" + Refusal.shown(id) + "\"");
            }
            return before.with(tokens);
        });
        kept.forgetUses(List.of(id));
    }

    /** Whoever was faster is taken into account: these changes are about one thing each, whatever else there is. */
    private Kept changeConsumer(String name, UnaryOperator<Consumer> change) {
        while (true) {
            Kept before = kept.find(Named.CONSUMER.id(name)).orElseThrow(() -> missing(Named.CONSUMER, name));
            Consumer next = change.apply(read(before)
                    .orElseThrow(() -> new Refusal(
                            Refusal.Reason.CONFLICT,
                            "the consumer " + name + " was changed by hand and cannot be read; replace or remove it")));
            Optional<Kept> changed = kept.replace(before.id(), before.version(), next.toBson());
            if (changed.isPresent()) {
                return changed(changed.get());
            }
        }
    }

    /** A consumer as it is kept; empty where that cannot be read, because somebody changed it by hand. */
    public static Optional<Consumer> read(Kept found) {
        try {
            return Optional.of(Consumer.of(found.name(), found.content()));
        } catch (RuntimeException unreadable) {
            return Optional.empty();
        }
    }

    private Kept changed(Kept after) {
        register.newest();
        return after;
    }
}
