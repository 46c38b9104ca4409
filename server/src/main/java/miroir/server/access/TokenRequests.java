package miroir.server.access;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import miroir.index.Refusal;
import miroir.index.store.KeptAccess;
import miroir.index.store.KeptAccess.Kept;
import miroir.server.proxy.Addresses;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests of tokens by applications themselves. Whoever asks gets a secret, and fetches the token with it once somebody has accepted, or at once where
 * rules do. Only then the consumer is made: what is never fetched leaves nothing behind, and no request is a way into a consumer that is there.
 */
public final class TokenRequests {
    private static final Logger LOG = LoggerFactory.getLogger(TokenRequests.class);

    /** That wait, and likewise that are accepted by rule. */
    private static final int MOST = 200;

    /** Of those that wait, from the networks of about one provider. */
    private static final int MOST_OF_PROVIDER = 20;

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
     * @param isCertain whether the address is that of who asks; no rule is about gateways
     * @param note is run before anything is kept
     */
    public Asked ask(String name, String contact, String reason, String client, boolean isCertain, Runnable note) {
        requireOpen();
        Named.CONSUMER.requireName(name);
        requireShort("contact", contact, LONGEST_CONTACT);
        requireShort("reason", reason, LONGEST_REASON);
        long seconds = attempts.begin("ask", client);
        if (seconds > 0) {
            throw new TooOften("too many requests of tokens from there", seconds);
        }
        requireUnused(name);
        boolean isAccepted = isCertain && rules.acceptsFrom(client) && arePossible(name);
        requireRoom(isAccepted, client);
        note.run();
        removeOld();
        String id = UUID.randomUUID().toString().substring(0, 8);
        String secret = TokenText.make(TokenText.REQUEST);
        TokenRequest waiting = new TokenRequest(
                name,
                contact,
                reason,
                client,
                clock.instant(),
                TokenText.hash(secret),
                TokenRequest.State.WAITING,
                false,
                "",
                List.of(),
                List.of());
        TokenRequest request = isAccepted ? waiting.accepted(true, rules.roles(), List.of()) : waiting;
        EditAccess.put(kept, Named.REQUEST, id, 0, request.toBson());
        return new Asked(id, secret, isAccepted);
    }

    private void requireOpen() {
        if (!rules.open()) {
            throw new Refusal(
                    Refusal.Reason.NOT_FOUND,
                    "this server takes no requests of tokens (access.requests in server.yaml); ask its administrators");
        }
    }

    /** Whether a consumer can have what the rule gives; an administrator decides where it cannot. */
    private boolean arePossible(String name) {
        try {
            edit.requirePossible(name, List.of(), rules.roles());
            return true;
        } catch (Refusal refused) {
            LOG.warn(
                    "access.requestRoles are no roles of a consumer, so requests of tokens wait for an administrator: {}",
                    refused.getMessage());
            return false;
        }
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
        if (name.startsWith(Named.OF_ISSUERS)) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "names that begin with " + Named.OF_ISSUERS
                            + " are of applications that get their tokens elsewhere; choose another name");
        }
        if (kept.find(Named.CONSUMER.id(name)).isPresent()) {
            throw inUse(name);
        }
    }

    /** Nobody closes this by asking: those of one provider are few, what is decided makes room, and what a rule accepts has its own. */
    private void requireRoom(boolean isAccepted, String client) {
        List<TokenRequest> open = register.newest().list(Named.REQUEST).stream()
                .filter(each -> !isOld(each))
                .flatMap(each -> read(each).stream())
                .filter(each -> isAccepted ? each.byRule() : each.state() == TokenRequest.State.WAITING)
                .toList();
        String provider = provider(client);
        long near = open.stream()
                .filter(each -> provider(each.address()).equals(provider))
                .count();
        if (open.size() >= MOST || (!isAccepted && near >= MOST_OF_PROVIDER)) {
            throw new TooOften("too many requests of tokens are open already", AN_HOUR);
        }
    }

    private static String provider(String address) {
        return Addresses.wider(Addresses.network(address));
    }

    private void removeOld() {
        for (Kept each : register.newest().list(Named.REQUEST)) {
            if (isOld(each)) {
                kept.remove(each.id(), each.version());
            }
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
        Kept found = require(id);
        TokenRequest request = requireIn(found, Set.of(TokenRequest.State.WAITING));
        edit.requirePossible(request.name(), groups, roles);
        return decided(found, request.accepted(false, roles, groups));
    }

    /** Says no, also to what was accepted and has not been fetched; whoever asked finds out why. */
    public Shown refuse(String id, String why) {
        Kept found = require(id);
        return decided(
                found,
                requireIn(found, Set.of(TokenRequest.State.WAITING, TokenRequest.State.ACCEPTED))
                        .refused(why));
    }

    /** Forgets it, whatever became of it. */
    public void remove(String id) {
        Kept found = require(id);
        EditAccess.remove(kept, Named.REQUEST, id, found.version());
    }

    private Kept require(String id) {
        return kept.find(Named.REQUEST.id(id)).orElseThrow(() -> EditAccess.missing(Named.REQUEST, id));
    }

    private static TokenRequest requireIn(Kept found, Set<TokenRequest.State> states) {
        TokenRequest request = read(found)
                .orElseThrow(() -> new Refusal(
                        Refusal.Reason.CONFLICT,
                        "the request " + found.name() + " was changed by hand, and cannot be read"));
        if (!states.contains(request.state())) {
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
     * @param note is run, with the name of the consumer, before a token is issued
     */
    public Optional<EditAccess.Issued> fetch(String id, String secret, Consumer<String> note) {
        requireOpen();
        Kept found = require(id);
        TokenRequest request = read(found)
                .filter(each -> each.secretHash().equals(TokenText.hash(secret)))
                .filter(each -> !isOld(found) && !isOutlived(each))
                .orElseThrow(() -> EditAccess.missing(Named.REQUEST, id));
        return switch (request.state()) {
            case WAITING -> Optional.empty();
            case REFUSED ->
                throw new Refusal(
                        Refusal.Reason.FORBIDDEN,
                        "the request was refused" + (request.answer().isEmpty() ? "" : ": " + request.answer()));
            case ACCEPTED -> {
                requireStillPossible(request);
                note.accept(request.name());
                yield Optional.of(issued(found, request));
            }
        };
    }

    /** Accepted by a rule that has changed. */
    private boolean isOutlived(TokenRequest request) {
        return request.byRule()
                && !(rules.acceptsFrom(request.address()) && rules.roles().equals(request.roles()));
    }

    private void requireStillPossible(TokenRequest request) {
        if (kept.find(Named.CONSUMER.id(request.name())).isPresent()) {
            throw inUse(request.name());
        }
        try {
            edit.requirePossible(request.name(), request.groups(), request.roles());
        } catch (Refusal refused) {
            throw new Refusal(
                    Refusal.Reason.CONFLICT,
                    "what was accepted cannot be had any more, ask the administrators: " + refused.getMessage());
        }
    }

    /** Of two who fetch at once, one gets it. What goes wrong after that costs the application another request, and leaves nothing behind. */
    private EditAccess.Issued issued(Kept found, TokenRequest request) {
        if (!kept.remove(found.id(), found.version())) {
            throw EditAccess.missing(Named.REQUEST, found.name());
        }
        return edit.makeConsumer(
                request.name(), request.contact(), request.groups(), request.roles(), "as it was asked for");
    }
}
