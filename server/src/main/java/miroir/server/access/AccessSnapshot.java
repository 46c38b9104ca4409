package miroir.server.access;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import miroir.index.store.KeptAccess.Kept;
import org.bson.BsonDocument;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The register as it was at a moment. Nothing in it changes. */
final class AccessSnapshot {
    private static final Logger LOG = LoggerFactory.getLogger(AccessSnapshot.class);

    private final Map<String, Role> roles = new TreeMap<>(Role.BUILT_IN);
    private final Map<String, Group> groups = new TreeMap<>();
    private final Map<String, Consumer> consumers = new TreeMap<>();
    private final Map<String, Holder> byHash = new HashMap<>();
    private final Map<String, Integer> quotas = new HashMap<>();
    private final Set<String> unreadable = new HashSet<>();
    private final List<Kept> register;

    /** Whose a token is. */
    record Holder(Consumer consumer, IssuedToken token, Grants grants) {}

    AccessSnapshot(Collection<Kept> all) {
        this.register = List.copyOf(all);
        register.forEach(this::add);
        for (Consumer consumer : consumers.values()) {
            Grants grants = new Grants(permissions(consumer));
            quotas.put(Named.CONSUMER.id(consumer.name()), consumer.quota());
            consumer.tokens().forEach(token -> byHash.put(token.hash(), new Holder(consumer, token, grants)));
        }
    }

    /** What cannot be read, because somebody changed it by hand, allows nothing. */
    private void add(Kept kept) {
        try {
            addReadable(kept);
        } catch (RuntimeException wrong) {
            unreadable.add(kept.id());
            LOG.warn(
                    "{} of the register of access cannot be read, and counts for nothing: {}",
                    kept.id(),
                    wrong.getMessage());
        }
    }

    private void addReadable(Kept kept) {
        String name = kept.name();
        BsonDocument content = kept.content();
        switch (kept.id().substring(0, Math.max(kept.id().indexOf('/'), 0))) {
            case "role" -> roles.putIfAbsent(name, Role.of(name, content));
            case "group" -> groups.put(name, Group.of(name, content));
            case "consumer" -> consumers.put(name, Consumer.of(name, content));
            default -> {
                // Of no concern for whoever asks for resources.
            }
        }
    }

    /** A role that is not there any more allows nothing. */
    List<Permission> permissions(Consumer consumer) {
        Stream<String> ofGroups = consumer.groups().stream()
                .map(groups::get)
                .filter(Objects::nonNull)
                .flatMap(group -> group.roles().stream());
        return permissionsOfRoles(
                Stream.concat(consumer.roles().stream(), ofGroups).toList());
    }

    /** What roles allow together; one that is not there allows nothing. */
    List<Permission> permissionsOfRoles(List<String> names) {
        List<Permission> permissions = new ArrayList<>();
        names.stream()
                .distinct()
                .map(roles::get)
                .filter(Objects::nonNull)
                .forEach(role -> permissions.addAll(role.permissions()));
        return permissions;
    }

    Optional<Holder> holder(String hash) {
        return Optional.ofNullable(byHash.get(hash));
    }

    /** What a consumer may do who has a token that works, and is not blocked. */
    Optional<Grants> grantsOf(String name, Instant now) {
        return Optional.ofNullable(consumers.get(name))
                .filter(consumer -> !consumer.blocked())
                .flatMap(consumer -> consumer.tokens().stream()
                        .filter(token -> token.isValidAt(now))
                        .findFirst())
                .flatMap(token -> holder(token.hash()))
                .map(Holder::grants);
    }

    /** How often a consumer, by its id, may ask in a second; 0 where nobody said so. */
    int quota(String consumer) {
        return quotas.getOrDefault(consumer, 0);
    }

    /** Whether there is a consumer of that name who is blocked, or of whom that cannot be read. */
    boolean isBlocked(String name) {
        Consumer found = consumers.get(name);
        return found == null ? unreadable.contains(Named.CONSUMER.id(name)) : found.blocked();
    }

    /** Whether there is an administrator. */
    boolean isAdministered() {
        return !list(Named.ADMINISTRATOR).isEmpty();
    }

    /** What there is of a kind, by name; of roles also those that are always there. */
    List<Kept> list(Named kind) {
        List<Kept> all = new ArrayList<>();
        if (kind == Named.ROLE) {
            Role.BUILT_IN.values().forEach(role -> all.add(new Kept(kind.id(role.name()), 0, "", role.toBson())));
        }
        register.stream()
                .filter(kept -> kept.id().startsWith(kind.id("")))
                .sorted(Comparator.comparing(Kept::id))
                .forEach(all::add);
        return all;
    }

    /** What has a role, or is in a group, in words. */
    List<String> users(Named kind, String name) {
        List<String> users = new ArrayList<>();
        if (kind == Named.ROLE) {
            groups.values().stream()
                    .filter(group -> group.roles().contains(name))
                    .forEach(group -> users.add("group " + group.name()));
            consumers.values().stream()
                    .filter(consumer -> consumer.roles().contains(name))
                    .forEach(consumer -> users.add("consumer " + consumer.name()));
        } else if (kind == Named.GROUP) {
            consumers.values().stream()
                    .filter(consumer -> consumer.groups().contains(name))
                    .forEach(consumer -> users.add("consumer " + consumer.name()));
        }
        return users;
    }

    /** What permissions a consumer has, from all its roles. */
    List<Permission> permissionsOf(String consumer) {
        Consumer found = consumers.get(consumer);
        return found == null ? List.of() : permissions(found);
    }
}
