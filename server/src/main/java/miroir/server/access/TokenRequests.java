package miroir.server.access;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import miroir.index.Refusal;
import miroir.index.store.KeptAccess;
import miroir.index.store.KeptAccess.Kept;

/**
 * Requests of tokens by applications themselves. Whoever asks gets a secret, and fetches the token with it once somebody has accepted, or at once where
 * rules do. Only then the consumer is made: what is never fetched leaves nothing behind, and no request is a way into a consumer that is there.
 */
public final class TokenRequests {
    private static final int MOST = 200;
    private static final int LONGEST_CONTACT = 200;
    private static final int LONGEST_REASON = 1_000;
    private static final Duration KEPT = Duration.ofDays(30);
    private static final long AN_HOUR = 3_600;

    private final AccessRegister register;
    private final KeptAccess kept;
    private final EditAccess edit;
    private final RequestRules rules;
    private final LoginAttempts attempts;
    private final InstantSource clock;

    TokenRequests(AccessRegister register, EditAccess edit, RequestRules rules, InstantSource clock) {
        this.register = register;
        this.kept = register.kept();
        this.edit = edit;
        this.rules = rules;
        this.attempts = new LoginAttempts(clock);
        this.clock = clock;
    }

    /**
     * What whoever asks is told.
     *
     * @param secret fetches the token; shown once
     * @param isAccepted whether it can be fetched already
     */
    public record Asked(String id, String secret, boolean isAccepted) {
        @Override
        public String toString() {
            return "request " + id;
        }
    }

    /**
     * Asks for a consumer of that name, and a token.
     *
     * @param note is run before anything is kept
     */
    public Asked ask(String name, String contact, String reason, String client, Runnable note) {
        if (!rules.open()) {
            throw new Refusal(
                    Refusal.Reason.NOT_FOUND,
                    "this server takes no requests of tokens (access.requests in server.yaml); ask its administrators");
        }
        Named.CONSUMER.requireName(name);
        requireShort("contact", contact, LONGEST_CONTACT);
        requireShort("reason", reason, LONGEST_REASON);
        long seconds = attempts.begin("ask", client);
        if (seconds > 0) {
            throw new TooOften("too many requests of tokens from there", seconds);
        }
        requireUnused(name);
        note.run();
        String id = UUID.randomUUID().toString().substring(0, 8);
        String secret = TokenText.make(TokenText.REQUEST);
        boolean isAccepted = rules.acceptsFrom(client);
        TokenRequest waiting = new TokenRequest(
                name,
                contact,
                reason,
                client,
                clock.instant(),
                TokenText.hash(secret),
                TokenRequest.State.WAITING,
                "",
                List.of(),
                List.of());
        TokenRequest request = isAccepted ? waiting.accepted(rules.roles(), List.of()) : waiting;
        EditAccess.put(kept, Named.REQUEST, id, 0, request.toBson());
        return new Asked(id, secret, isAccepted);
    }

    private static void requireShort(String field, String text, int longest) {
        if (text.length() > longest || text.chars().anyMatch(Character::isISOControl)) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    field + " has " + text.length() + " characters; allowed are " + longest + ", in one line");
        }
    }

    /** Two who ask for one name are seen by whoever decides; the second one to fetch is refused. */
    private void requireUnused(String name) {
        if (kept.find(Named.CONSUMER.id(name)).isPresent()) {
            throw inUse(name);
        }
        int waiting = 0;
        for (Kept each : register.newest().list(Named.REQUEST)) {
            if (isOld(each)) {
                kept.remove(each.id(), each.version());
            } else {
                waiting++;
            }
        }
        if (waiting >= MOST) {
            throw new TooOften(waiting + " requests of tokens are open already", AN_HOUR);
        }
    }

    private static Refusal inUse(String name) {
        return new Refusal(Refusal.Reason.CONFLICT, "there is a consumer " + name + "; choose another name");
    }

    private boolean isOld(Kept each) {
        return read(each)
                .map(request -> request.created().plus(KEPT).isBefore(clock.instant()))
                .orElse(true);
    }

    /** What somebody changed by hand may be anything. */
    private static Optional<TokenRequest> read(Kept each) {
        try {
            return Optional.of(TokenRequest.of(each.content()));
        } catch (RuntimeException unreadable) {
            return Optional.empty();
        }
    }

    /** All that are open, the oldest first, in words. */
    public List<Shown> list() {
        return register.newest().list(Named.REQUEST).stream()
                .flatMap(each -> read(each).map(request -> shown(each, request)).stream())
                .sorted((one, other) -> one.created().compareTo(other.created()))
                .toList();
    }

    /** A request as administrators see it. */
    public record Shown(
            String id,
            String name,
            String contact,
            String reason,
            String address,
            Instant created,
            String state,
            String answer) {}

    private static Shown shown(Kept each, TokenRequest request) {
        return new Shown(
                each.name(),
                request.name(),
                request.contact(),
                request.reason(),
                request.address(),
                request.created(),
                request.state().word(),
                request.answer());
    }

    /** Lets the token be fetched, for a consumer with these roles and groups. */
    public Shown accept(String id, List<String> roles, List<String> groups) {
        edit.requireRoles(roles, groups);
        Kept found = require(id);
        return decided(found, requireWaiting(found).accepted(roles, groups));
    }

    /** Says no; whoever asked finds out why. */
    public Shown refuse(String id, String why) {
        Kept found = require(id);
        return decided(found, requireWaiting(found).refused(why));
    }

    private Kept require(String id) {
        return kept.find(Named.REQUEST.id(id)).orElseThrow(() -> EditAccess.missing(Named.REQUEST, id));
    }

    private static TokenRequest requireWaiting(Kept found) {
        TokenRequest request = read(found)
                .orElseThrow(() -> new Refusal(
                        Refusal.Reason.CONFLICT,
                        "the request " + found.name() + " was changed by hand, and cannot be read"));
        if (request.state() != TokenRequest.State.WAITING) {
            throw new Refusal(
                    Refusal.Reason.CONFLICT,
                    "the request " + found.name() + " was decided already: "
                            + request.state().word());
        }
        return request;
    }

    private Shown decided(Kept found, TokenRequest next) {
        Kept after = EditAccess.put(kept, Named.REQUEST, found.name(), found.version(), next.toBson());
        return shown(after, next);
    }

    /**
     * The token, once; empty while nobody has decided.
     *
     * @param note is run before a token is issued
     */
    public Optional<EditAccess.Issued> fetch(String id, String secret, Runnable note) {
        Kept found = require(id);
        TokenRequest request = read(found)
                .filter(each -> each.secretHash().equals(TokenText.hash(secret)))
                .orElseThrow(() -> EditAccess.missing(Named.REQUEST, id));
        return switch (request.state()) {
            case WAITING -> Optional.empty();
            case REFUSED ->
                throw new Refusal(
                        Refusal.Reason.FORBIDDEN,
                        "the request was refused" + (request.answer().isEmpty() ? "" : ": " + request.answer()));
            case ACCEPTED -> {
                note.run();
                yield Optional.of(issued(found, request));
            }
        };
    }

    /** Of two who fetch at once, one gets it. What goes wrong after that costs the application another request, and nobody a token. */
    private EditAccess.Issued issued(Kept found, TokenRequest request) {
        if (kept.find(Named.CONSUMER.id(request.name())).isPresent()) {
            throw inUse(request.name());
        }
        if (!kept.remove(found.id(), found.version())) {
            throw EditAccess.missing(Named.REQUEST, found.name());
        }
        edit.putConsumer(request.name(), request.contact(), request.groups(), request.roles(), 0);
        return edit.issue(request.name(), "as it was asked for", null);
    }
}
