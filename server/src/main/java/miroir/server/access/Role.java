package miroir.server.access;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bson.BsonDocument;

/** Permissions under a name. */
public record Role(String name, List<Permission> permissions) {
    /** Those that are always there, and that nobody changes. */
    static final Map<String, Role> BUILT_IN = Stream.of(
                    new Role("reader", List.of(Permission.of("READ, SEARCH, HISTORY on *"))),
                    new Role("writer", List.of(Permission.of("READ, SEARCH, HISTORY, CREATE, UPDATE, DELETE on *"))),
                    new Role("everything", List.of(new Permission(Set.of(Right.values()), "*", ""))))
            .collect(Collectors.toMap(Role::name, role -> role, (one, other) -> one, TreeMap::new));

    /** Reading everything, and no more. */
    public static final Role READER = Objects.requireNonNull(BUILT_IN.get("reader"));

    /** Everything. */
    public static final Role EVERYTHING = Objects.requireNonNull(BUILT_IN.get("everything"));

    public Role {
        permissions = List.copyOf(permissions);
    }

    /** Whether nobody can change it. */
    public static boolean isBuiltIn(String name) {
        return BUILT_IN.containsKey(name);
    }

    /** As it is kept. */
    public BsonDocument toBson() {
        return new BsonDocument(
                "permissions",
                Named.texts(permissions.stream().map(Permission::toString).toList()));
    }

    /** Reads it as it is kept. */
    public static Role of(String name, BsonDocument document) {
        return new Role(
                name,
                Named.texts(document, "permissions").stream()
                        .map(Permission::of)
                        .toList());
    }
}
