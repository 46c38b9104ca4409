package miroir.server.access;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import miroir.index.Refusal;
import miroir.index.SearchParameter;
import miroir.index.search.Condition;
import miroir.index.store.Scope;
import miroir.index.store.SearchInForce;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What some permissions come to: by right and type, which resources they are about. What is not allowed anywhere is denied. Searches by which
 * permissions are narrowed mean what they mean by what is searched now; a permission that cannot be understood by that allows nothing.
 */
public final class Grants {
    private static final Logger LOG = LoggerFactory.getLogger(Grants.class);

    /** How many permissions somebody has at most: each of them is part of every query. */
    public static final int MOST = 100;

    private final List<Permission> permissions;

    /** Those on all resources, for which nothing has to be made of anything. */
    private final Set<Right> unlimited;

    private volatile @Nullable Made made;

    /** For what is searched by that number. */
    private record Made(long number, Map<Set<Right>, Scope> scopes) {}

    public Grants(List<Permission> permissions) {
        this.permissions = List.copyOf(permissions);
        this.unlimited = permissions.stream()
                .filter(permission -> permission.type().equals(Permission.ALL)
                        && permission.query().isEmpty())
                .flatMap(permission -> permission.rights().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Of what they are made. */
    public List<Permission> permissions() {
        return permissions;
    }

    /** Which resources one of these rights is about. */
    public Scope scope(Set<Right> rights, Supplier<SearchInForce> search) {
        for (Right right : rights) {
            if (unlimited.contains(right)) {
                return Scope.everything();
            }
        }
        if (permissions.stream()
                .noneMatch(permission -> permission.rights().stream().anyMatch(rights::contains))) {
            return Scope.nothing();
        }
        SearchInForce inForce = search.get();
        Made known = made;
        if (known == null || known.number() != inForce.number()) {
            known = new Made(inForce.number(), new ConcurrentHashMap<>());
            made = known;
        }
        return known.scopes().computeIfAbsent(rights, some -> made(some, inForce));
    }

    /** Whether a right is about any resource of a type, or of any type where that is empty. */
    public boolean has(Right right, String type) {
        return permissions.stream()
                .anyMatch(permission ->
                        type.isEmpty() ? permission.rights().contains(right) : permission.isAbout(right, type));
    }

    /** By which parameters a right on a type is narrowed. */
    public Set<SearchParameter> narrowing(Right right, String type, SearchInForce inForce) {
        return permissions.stream()
                .filter(permission -> permission.isAbout(right, type))
                .flatMap(permission -> Narrowing.parameters(permission, type, inForce).stream())
                .collect(Collectors.toSet());
    }

    /** Whether nothing is denied. */
    public boolean isEverything() {
        return unlimited.size() == Right.values().length;
    }

    /** Whether they allow to change anything. */
    public boolean mayWrite() {
        return permissions.stream()
                .flatMap(permission -> permission.rights().stream())
                .anyMatch(Right::writes);
    }

    private Scope made(Set<Right> rights, SearchInForce inForce) {
        Map<String, Condition> byType = new LinkedHashMap<>();
        Set<Permission> complainedOf = new HashSet<>();
        for (String type : inForce.made().registry().types()) {
            List<Condition> allowed = permissions.stream()
                    .filter(permission -> rights.stream().anyMatch(right -> permission.isAbout(right, type)))
                    .map(permission -> condition(permission, type, inForce, complainedOf))
                    .toList();
            byType.put(type, any(allowed));
        }
        return Scope.of(byType);
    }

    private static Condition any(List<Condition> allowed) {
        if (allowed.stream().anyMatch(Condition::isAll)) {
            return Condition.all();
        }
        return allowed.size() == 1 ? allowed.get(0) : new Condition.Or(allowed);
    }

    /** Of a permission on all types one line says enough: whoever has it may have sent it himself. */
    private static Condition condition(
            Permission permission, String type, SearchInForce inForce, Set<Permission> complainedOf) {
        try {
            return Narrowing.of(permission, type, inForce);
        } catch (Refusal refused) {
            if (complainedOf.add(permission)) {
                LOG.warn(
                        "the permission {} allows nothing of {}: {}",
                        Refusal.shown(permission.toString()),
                        type,
                        Refusal.shown(String.valueOf(refused.getMessage())));
            }
            return Condition.none();
        }
    }
}
