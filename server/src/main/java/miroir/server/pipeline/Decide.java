package miroir.server.pipeline;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.index.store.Caller;
import miroir.index.store.Scope;
import miroir.server.access.AdministratorRole;
import miroir.server.access.Grants;
import miroir.server.access.Right;
import miroir.server.routing.AdminCall;
import miroir.server.routing.AdminRoute;
import miroir.server.routing.ConsolePaths;
import miroir.server.routing.Interaction;
import miroir.server.routing.Route;
import miroir.server.routing.Router;

/**
 * Decides whether whoever asks may have what is asked for, and of which resources; nothing else does. A request comes here once, and so does each
 * entry of a bundle. What comes of it is a {@link Caller}, without whom the store does nothing.
 *
 * <p>Here it is about the type: who has a right on some of its resources passes. On which ones is in the caller's scopes, and the store sees to that.
 */
public final class Decide {
    private static final Set<Right> EXISTING_OR_NEW = Set.of(Right.UPDATE, Right.CREATE);

    /** Of each list one is needed. */
    private static final Map<Interaction, List<Set<Right>>> NEEDED = Map.ofEntries(
            Map.entry(Interaction.READ, List.of(Set.of(Right.READ))),
            Map.entry(Interaction.VREAD, List.of(Set.of(Right.HISTORY))),
            Map.entry(Interaction.HISTORY_INSTANCE, List.of(Set.of(Right.HISTORY))),
            Map.entry(Interaction.HISTORY_TYPE, List.of(Set.of(Right.HISTORY))),
            Map.entry(Interaction.HISTORY_SYSTEM, List.of(Set.of(Right.HISTORY))),
            Map.entry(Interaction.SEARCH_TYPE, List.of(Set.of(Right.SEARCH))),
            Map.entry(Interaction.SEARCH_SYSTEM, List.of(Set.of(Right.SEARCH))),
            Map.entry(Interaction.SEARCH_COMPARTMENT, List.of(Set.of(Right.SEARCH))),
            Map.entry(Interaction.EVERYTHING, List.of(Set.of(Right.SEARCH))),
            Map.entry(Interaction.BY_IDENTIFIER, List.of(Set.of(Right.SEARCH))),
            Map.entry(Interaction.SEEN, List.of(Set.of(Right.HISTORY))),
            Map.entry(Interaction.EXPORT, List.of(Set.of(Right.SEARCH))),
            Map.entry(Interaction.EXPORT_STATUS, List.of(Set.of(Right.SEARCH))),
            Map.entry(Interaction.EXPORT_CANCEL, List.of(Set.of(Right.SEARCH))),
            Map.entry(Interaction.EXPORT_FILE, List.of(Set.of(Right.SEARCH))),
            Map.entry(Interaction.LOOKUP, List.of(Set.of(Right.SEARCH))),
            Map.entry(Interaction.VALIDATE_CODE, List.of(Set.of(Right.SEARCH))),
            Map.entry(Interaction.EXPAND, List.of(Set.of(Right.SEARCH))),
            Map.entry(Interaction.DIRECTORY_SEARCH, List.of(Set.of(Right.SEARCH))),
            // Of the type that the view is of, once that is known.
            Map.entry(Interaction.RUN_VIEW, List.of(Set.of(Right.SEARCH))),
            Map.entry(Interaction.LIST_VIEWS, List.of(Set.of(Right.values()))),
            Map.entry(Interaction.READ_VIEW, List.of(Set.of(Right.values()))),
            Map.entry(Interaction.PEOPLE, List.of(Set.of(Right.SEARCH))),
            Map.entry(Interaction.REPORT, List.of(Set.of(Right.SEARCH))),
            Map.entry(Interaction.REPORT_OF_CHANGES, List.of(Set.of(Right.HISTORY))),
            Map.entry(Interaction.VALIDATE, List.of(Set.of(Right.values()))),
            Map.entry(Interaction.CREATE, List.of(Set.of(Right.CREATE))),
            Map.entry(Interaction.CONDITIONAL_CREATE, List.of(Set.of(Right.CREATE), Set.of(Right.SEARCH))),
            Map.entry(Interaction.UPDATE, List.of(EXISTING_OR_NEW)),
            Map.entry(Interaction.CONDITIONAL_UPDATE, List.of(EXISTING_OR_NEW, Set.of(Right.SEARCH))),
            Map.entry(Interaction.PATCH, List.of(Set.of(Right.UPDATE))),
            Map.entry(Interaction.CONDITIONAL_PATCH, List.of(Set.of(Right.UPDATE), Set.of(Right.SEARCH))),
            Map.entry(Interaction.META_ADD, List.of(Set.of(Right.UPDATE))),
            Map.entry(Interaction.META_DELETE, List.of(Set.of(Right.UPDATE))),
            Map.entry(Interaction.DELETE, List.of(Set.of(Right.DELETE))),
            Map.entry(Interaction.CONDITIONAL_DELETE, List.of(Set.of(Right.DELETE), Set.of(Right.SEARCH))),
            Map.entry(Interaction.ERASE, List.of(Set.of(Right.ERASE))),
            // What anybody may ask who may ask anything; of a bundle each entry is asked for.
            Map.entry(Interaction.BATCH, List.of(Set.of(Right.values()))),
            Map.entry(Interaction.CAPABILITIES, List.of(Set.of(Right.values()))),
            Map.entry(Interaction.OPTIONS, List.of(Set.of(Right.values()))));

    /** What is no interaction with resources is not asked for by rights. */
    private static final List<Set<Right>> NEVER = List.of(Set.of());

    private Decide() {}

    /** Returns if a routed exchange may go on, which then has its caller. */
    public static void on(Exchange exchange) {
        Route route = exchange.route();
        Interaction interaction = route.interaction();
        if (interaction == Interaction.PAGE || interaction == Interaction.SMART_CONFIGURATION) {
            // The others tell of no resources.
            String path = exchange.request().getRequestURI();
            if (Router.isOfParameters(path)) {
                require(exchange.rights(), new Route(Interaction.CAPABILITIES, "", ""));
            } else if (path.equals("/") || path.equals(ConsolePaths.EVENTS_OF_ALL)) {
                exchange.decided(
                        caller(exchange.rights().scope(Set.of(Right.SEARCH)), Scope.nothing(), Scope.nothing()));
            }
            return;
        }
        if (interaction == Interaction.CONSOLE) {
            onConsole(exchange, exchange.request().getRequestURI());
            return;
        }
        if (interaction == Interaction.ADMIN) {
            onAdministration(exchange);
            return;
        }
        // First: no token would help.
        if (!interaction.isOffered()) {
            throw new Refusal(
                    Refusal.Reason.NOT_SUPPORTED,
                    "the interaction " + interaction.code() + " ("
                            + Refusal.shown(exchange.request().getRequestURI())
                            + ") is not offered by this server; see /metadata");
        }
        Rights rights = exchange.rights();
        require(rights, route);
        if (interaction.writes() && !rights.byToken()) {
            ForeignPages.refuse(exchange);
        }
        exchange.decided(caller(rights, route));
    }

    private static void require(Rights rights, Route route) {
        for (String type : types(route)) {
            for (Set<Right> one : needed(route)) {
                if (one.stream().noneMatch(right -> rights.has(right, type))) {
                    throw refused(rights, route.interaction().code(), type, one);
                }
            }
        }
    }

    /** On which a right is needed; an empty one is any. */
    private static Collection<String> types(Route route) {
        return route.interaction().isOfDirectory() ? new TreeSet<>(Router.DIRECTORY) : Set.of(route.type());
    }

    /** Returns if whoever asks may have rows of resources of this type. */
    public static void onView(Exchange exchange, String type) {
        require(exchange.rights(), new Route(Interaction.RUN_VIEW, type, ""));
    }

    /** On whose behalf somebody would do something else with the same resource; refused where he may not. */
    public static Caller instead(Exchange exchange, Interaction interaction) {
        Route route =
                new Route(interaction, exchange.route().type(), exchange.route().id());
        require(exchange.rights(), route);
        return caller(exchange.rights(), route);
    }

    /**
     * Returns if whoever asks may know how a search is found, which tells how many resources there are.
     *
     * @param linked the other types that it is about
     */
    public static void onExplanation(Exchange exchange, Set<String> linked) {
        String type = exchange.route().type();
        Rights rights = exchange.rights();
        if (!rights.byToken() || !rights.has(Right.EXPLAIN, type)) {
            throw refused(rights, "__explain", type, Set.of(Right.EXPLAIN));
        }
        Scope seen = exchange.caller().seen();
        Stream.concat(Stream.of(type), linked.stream())
                .filter(one -> !seen.of(one).isAll())
                .findFirst()
                .ifPresent(one -> {
                    throw new Refusal(
                            Refusal.Reason.RIGHT_MISSING,
                            "__explain tells how many resources there are, and \"" + rights.consumer()
                                    + "\" sees only some of " + one);
                });
    }

    /** Who looks sees what there is, whatever resources it is about: all that administrators see, they see as a whole. */
    public static void onConsole(Exchange exchange, String path) {
        if (ConsolePaths.isForAll(path)) {
            return;
        }
        Rights rights = exchange.rights();
        if (!rights.administrator().isAtLeast(AdministratorRole.VIEWER)) {
            throw new Refusal(
                    Refusal.Reason.LOGIN_NEEDED, "this is for administrators, who log in at " + ConsolePaths.LOG_IN);
        }
        exchange.decided(new Caller(
                Caller.DEFAULT_TENANT,
                rights.scope(Set.of(Right.READ, Right.SEARCH, Right.HISTORY)),
                Scope.nothing(),
                Scope.nothing()));
    }

    private static void onAdministration(Exchange exchange) {
        AdminCall call = exchange.adminCall();
        Rights rights = exchange.rights();
        if (exchange.isByForm()) {
            ForeignPages.refuse(exchange);
        }
        if (rights.administrator().isAtLeast(call.route().needed())) {
            return;
        }
        if (!rights.byToken()) {
            throw new Refusal(
                    Refusal.Reason.LOGIN_NEEDED,
                    "this is for administrators: Authorization: Bearer [token], with the token that POST "
                            + AdminRoute.BASE + "/session gives, or the local one");
        }
        throw new Refusal(
                Refusal.Reason.FORBIDDEN,
                "this needs the role " + call.route().needed().word() + ", which \"" + rights.consumer()
                        + "\" does not have");
    }

    /** Whether some resource of a type, or of any where that is empty, can be asked for like that by who has these rights. */
    public static boolean isAllowed(Grants grants, Interaction interaction, String type) {
        List<Set<Right>> needed = interaction == Interaction.META
                ? List.of(Set.of(Right.READ, Right.SEARCH))
                : NEEDED.getOrDefault(interaction, NEVER);
        return needed.stream().allMatch(one -> one.stream().anyMatch(right -> grants.has(right, type)));
    }

    private static List<Set<Right>> needed(Route route) {
        return route.interaction() == Interaction.META
                ? List.of(ofMeta(route))
                : Objects.requireNonNull(
                        NEEDED.get(route.interaction()), route.interaction().code());
    }

    private static Set<Right> ofMeta(Route route) {
        if (!route.version().isEmpty()) {
            return Set.of(Right.HISTORY);
        }
        return Set.of(route.id().isEmpty() ? Right.SEARCH : Right.READ);
    }

    private static Refusal refused(Rights rights, String asked, String type, Set<Right> needed) {
        String right = needed.size() == Right.values().length
                ? "any right"
                : "the right "
                        + needed.stream().map(Right::name).sorted().collect(Collectors.joining(" or "))
                        + (type.isEmpty() ? "" : " on " + type);
        return rights.byToken()
                ? new Refusal(
                        Refusal.Reason.RIGHT_MISSING,
                        asked + " needs " + right + ", which \"" + rights.consumer() + "\" does not have")
                : new Refusal(
                        Refusal.Reason.LOGIN_NEEDED,
                        asked + " needs a token with " + right + ": Authorization: Bearer [token]");
    }

    private static Caller caller(Rights rights, Route route) {
        Caller scoped = scoped(rights, route);
        return new Caller(scoped.tenant(), scoped.seen(), scoped.created(), scoped.changed(), rights.consumer());
    }

    /** Who writes sees what he may search, since criteria and references by criteria do, and what he may write. */
    private static Caller scoped(Rights rights, Route route) {
        Scope none = Scope.nothing();
        return switch (route.interaction()) {
            case READ, META, VREAD, HISTORY_INSTANCE, HISTORY_TYPE, HISTORY_SYSTEM, SEEN, REPORT_OF_CHANGES ->
                caller(rights.scope(needed(route).get(0)), none, none);
            case DELETE, CONDITIONAL_DELETE ->
                caller(rights.scope(Set.of(Right.SEARCH, Right.DELETE)), none, rights.scope(Set.of(Right.DELETE)));
            case ERASE ->
                caller(rights.scope(Set.of(Right.SEARCH, Right.ERASE)), none, rights.scope(Set.of(Right.ERASE)));
            case CREATE,
                    CONDITIONAL_CREATE,
                    UPDATE,
                    CONDITIONAL_UPDATE,
                    PATCH,
                    CONDITIONAL_PATCH,
                    META_ADD,
                    META_DELETE ->
                caller(
                        rights.scope(Set.of(Right.SEARCH, Right.UPDATE)),
                        rights.scope(Set.of(Right.CREATE)),
                        rights.scope(Set.of(Right.UPDATE)));
            case VALIDATE -> caller(rights.scope(Set.of(Right.READ, Right.SEARCH)), none, none);
            default -> caller(rights.scope(Set.of(Right.SEARCH)), none, none);
        };
    }

    private static Caller caller(Scope seen, Scope created, Scope changed) {
        return new Caller(Caller.DEFAULT_TENANT, seen, created, changed);
    }
}
