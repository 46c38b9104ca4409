package miroir.server.console;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import miroir.index.store.KeptAccess.Kept;
import miroir.index.store.KeptAccess.Use;
import miroir.server.access.AccessParts;
import miroir.server.access.Consumer;
import miroir.server.access.EditAccess;
import miroir.server.access.Group;
import miroir.server.access.IssuedToken;
import miroir.server.access.Named;
import miroir.server.access.Role;
import miroir.server.console.AccessList.ConsumerRow;
import miroir.server.console.AccessList.NamedRow;
import miroir.server.console.AccessList.RequestRow;
import miroir.server.console.ConsumerDetail.TokenRow;
import org.bson.BsonString;
import org.jspecify.annotations.Nullable;

/** Reads what pages show of consumers, and of what they may do. */
final class ReadAccess {
    private final AccessParts access;

    ReadAccess(AccessParts access) {
        this.access = access;
    }

    AccessList list() {
        List<Kept> consumers = access.edit().list(Named.CONSUMER);
        Map<String, Use> uses =
                uses(consumers.stream().flatMap(each -> tokens(each).stream()).toList());
        return new AccessList(
                consumers.stream().map(each -> row(each, uses)).toList(),
                access.requests().list().stream()
                        .map(each -> new RequestRow(
                                each.id(), each.name(), each.contact(), each.reason(), each.created(), each.state()))
                        .toList(),
                access.edit().list(Named.GROUP).stream()
                        .map(each -> named(
                                each,
                                () -> Group.of(each.name(), each.content()).roles(),
                                false))
                        .toList(),
                access.edit().list(Named.ROLE).stream()
                        .map(each -> named(
                                each,
                                () -> Role.of(each.name(), each.content()).permissions().stream()
                                        .map(Object::toString)
                                        .toList(),
                                Role.isBuiltIn(each.name())))
                        .toList(),
                access.administrators().list().stream()
                        .map(each -> new NamedRow(each.name(), each.version(), List.of(role(each)), false))
                        .toList());
    }

    private static String role(Kept administrator) {
        return administrator.content().getString("role", new BsonString("")).getValue();
    }

    private interface Parts {
        List<String> read();
    }

    /** What somebody changed by hand may be anything. */
    private static NamedRow named(Kept kept, Parts parts, boolean isFixed) {
        List<String> read;
        try {
            read = parts.read();
        } catch (RuntimeException unreadable) {
            read = List.of("?");
        }
        return new NamedRow(kept.name(), kept.version(), read, isFixed);
    }

    private static List<IssuedToken> tokens(Kept kept) {
        return EditAccess.read(kept).map(Consumer::tokens).orElse(List.of());
    }

    private static ConsumerRow row(Kept kept, Map<String, Use> ofAll) {
        Optional<Consumer> consumer = EditAccess.read(kept);
        List<IssuedToken> tokens = tokens(kept);
        List<Use> uses = tokens.stream()
                .map(token -> ofAll.get(token.id()))
                .filter(Objects::nonNull)
                .toList();
        return new ConsumerRow(
                kept.name(),
                consumer.map(Consumer::contact).orElse("?"),
                consumer.map(Consumer::blocked).orElse(true) ? Badge.BLOCKED : Badge.ACTIVE,
                consumer.map(each -> both(each.groups(), each.roles())).orElse("?"),
                tokens.size(),
                calls(uses),
                uses.stream().map(Use::last).max(Instant::compareTo).orElse(null));
    }

    private static long calls(Collection<Use> uses) {
        return uses.stream().mapToLong(Use::calls).sum();
    }

    private static @Nullable Instant last(@Nullable Use use) {
        return use == null ? null : use.last();
    }

    private static String both(List<String> groups, List<String> roles) {
        return String.join(", ", Stream.concat(groups.stream(), roles.stream()).toList());
    }

    private Map<String, Use> uses(List<IssuedToken> tokens) {
        return access.uses(tokens.stream().map(IssuedToken::id).toList());
    }

    ConsumerDetail consumer(String name) {
        Named.CONSUMER.requireName(name);
        Kept kept = access.edit().require(Named.CONSUMER, name);
        Consumer consumer = EditAccess.read(kept).orElse(null);
        List<IssuedToken> tokens = consumer == null ? List.of() : consumer.tokens();
        Map<String, Use> uses = uses(tokens);
        return new ConsumerDetail(
                name,
                kept.version(),
                consumer == null || consumer.blocked(),
                consumer == null ? "" : consumer.contact(),
                consumer == null ? List.of() : consumer.groups(),
                consumer == null ? List.of() : consumer.roles(),
                quota(consumer),
                calls(uses.values()),
                tokens.stream()
                        .map(token -> new TokenRow(
                                token.id(),
                                token.label(),
                                token.created(),
                                token.expires(),
                                last(uses.get(token.id()))))
                        .toList(),
                access.permissionsOf(name));
    }

    private static String quota(@Nullable Consumer consumer) {
        return consumer == null || consumer.quota() == 0 ? "" : Objects.toString(consumer.quota());
    }
}
