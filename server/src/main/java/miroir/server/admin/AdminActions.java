package miroir.server.admin;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import miroir.index.Refusal;
import miroir.index.search.QueryParameter;
import miroir.index.store.KeptAccess.Kept;
import miroir.index.store.KeptAccess.Use;
import miroir.server.access.AccessParts;
import miroir.server.access.AdministratorRole;
import miroir.server.access.Consumer;
import miroir.server.access.EditAccess;
import miroir.server.access.IssuedToken;
import miroir.server.access.Named;
import miroir.server.access.TokenRequests;
import miroir.server.pipeline.Exchange;
import miroir.server.pipeline.SentToken;
import miroir.server.pipeline.SessionCookie;
import miroir.server.routing.AdminCall;
import miroir.server.routing.AdminRoute;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/** Does what administrators ask for, whether a program sends it as JSON or a browser as a form. */
public final class AdminActions {
    private final AccessParts access;
    private final SynchronisationActions synchronisations;
    private final SettingActions settings;
    private final SubscriptionActions subscriptions;
    private final ExportActions exports;
    private final LoadActions load;
    private final List<Runnable> whenDone = new CopyOnWriteArrayList<>();

    public AdminActions(
            AccessParts access,
            SynchronisationActions synchronisations,
            SettingActions settings,
            SubscriptionActions subscriptions,
            ExportActions exports,
            LoadActions load) {
        this.access = access;
        this.synchronisations = synchronisations;
        this.settings = settings;
        this.subscriptions = subscriptions;
        this.exports = exports;
        this.load = load;
    }

    /**
     * Does what was asked for, and has those told who show what comes of it.
     *
     * @param version of what is changed, as whoever asks has seen it; 0: there is none yet
     */
    public AdminAnswer answer(Exchange exchange, AdminBody body, long version) {
        AdminAnswer answer = done(exchange, body, version);
        if (isSeenByOthers(exchange.adminCall().route())) {
            whenDone.forEach(Runnable::run);
        }
        return answer;
    }

    /** Runs it whenever something was done that others see, by a form or by a program. */
    public void whenDone(Runnable told) {
        whenDone.add(told);
    }

    /** What anybody may do with a password of his own, or without one, others see nothing of: nobody has pages read more often by logging in again and again. */
    private static boolean isSeenByOthers(AdminRoute route) {
        return route.changes() && route.needed().isAtLeast(AdministratorRole.OPERATOR);
    }

    private AdminAnswer done(Exchange exchange, AdminBody body, long version) {
        AdminCall call = exchange.adminCall();
        String name = call.name();
        if (call.route().changes()) {
            exchange.note().require();
        }
        return switch (call.route()) {
            case OPENAPI -> AdminAnswer.of(OpenApi.document(exchange.rootPath()));
            case SETUP -> setUp(body, exchange);
            case SETUP_LINK ->
                AdminAnswer.created(new BsonDocument(
                        "link",
                        new BsonString(SetUpLink.of(
                                exchange.root(), access.administrators().newSetUpCode()))));
            case LOG_IN -> logIn(body, exchange);
            case WHO ->
                AdminAnswer.of(new BsonDocument("name", new BsonString(name(exchange)))
                        .append("role", new BsonString(exchange.administrator().word())));
            case LOG_OUT -> logOut(exchange.request());
            case CLOSE_OWN_SESSIONS -> {
                access.administrators().closeSessions(name(exchange));
                yield AdminAnswer.nothing();
            }
            case CHANGE_PASSWORD -> changePassword(body, exchange);
            case LIST_ADMINISTRATORS ->
                listed("administrators", access.administrators().list());
            case GET_ADMINISTRATOR -> one(access.administrators().require(name));
            case PUT_ADMINISTRATOR -> putAdministrator(body, name, version);
            case DELETE_ADMINISTRATOR -> {
                access.administrators().remove(name, version);
                yield AdminAnswer.nothing();
            }
            case CLOSE_SESSIONS -> {
                access.administrators().closeSessions(name);
                yield AdminAnswer.nothing();
            }
            case LIST_ROLES -> listed("roles", access.edit().list(Named.ROLE));
            case LIST_GROUPS -> listed("groups", access.edit().list(Named.GROUP));
            case LIST_CONSUMERS -> listed("consumers", access.edit().list(Named.CONSUMER));
            case GET_ROLE -> one(access.edit().require(Named.ROLE, name));
            case GET_GROUP -> one(access.edit().require(Named.GROUP, name));
            case GET_CONSUMER -> consumer(name);
            case PUT_ROLE -> put(version, access.edit().putRole(name, body.texts("permissions"), version));
            case PUT_GROUP -> put(version, access.edit().putGroup(name, body.texts("roles"), version));
            case PUT_CONSUMER -> putConsumer(body, name, version);
            case DELETE_ROLE -> removed(Named.ROLE, name, version);
            case DELETE_GROUP -> removed(Named.GROUP, name, version);
            case DELETE_CONSUMER -> removed(Named.CONSUMER, name, version);
            case BLOCK_CONSUMER -> one(access.edit().block(name, body.flag("blocked")));
            case LIMIT_CONSUMER ->
                one(access.edit().limit(name, body.requiredNumber("quota").orElse(null)));
            case ISSUE_TOKEN -> issued(body, name);
            case REVOKE_TOKEN -> {
                access.edit().revoke(name, call.second());
                yield AdminAnswer.nothing();
            }
            case REQUEST_TOKEN -> asked(body, exchange);
            case LIST_REQUESTS ->
                AdminAnswer.of(new BsonDocument(
                        "requests",
                        access.requests().list().stream()
                                .map(AdminActions::shown)
                                .collect(AdminAnswer.list())));
            case ACCEPT_REQUEST ->
                decided(access.requests().accept(name, body.texts("roles"), body.texts("groups")), exchange);
            case REFUSE_REQUEST ->
                decided(
                        access.requests()
                                .refuse(name, body.optionalText("answer").orElse("")),
                        exchange);
            case DELETE_REQUEST -> {
                access.requests().remove(name);
                yield AdminAnswer.nothing();
            }
            case FETCH_TOKEN ->
                access.requests()
                        .fetch(name, body.text("secret"), consumer -> {
                            exchange.note().concerns(consumer);
                            exchange.note().require();
                        })
                        .map(AdminActions::issued)
                        .orElseGet(() -> AdminAnswer.later(state("waiting")));
            case AUDIT -> AdminAnswer.of(audit().page(exchange));
            case EXPORT_AUDIT -> throw new IllegalStateException("what is long is not answered at once");
            case LIST_SOURCES,
                    GET_SOURCE,
                    ADD_SOURCE,
                    PUT_SOURCE,
                    DELETE_SOURCE,
                    TRY_SOURCE,
                    LIST_SYNCHRONISATIONS,
                    GET_SYNCHRONISATION,
                    ADD_SYNCHRONISATION,
                    PUT_SYNCHRONISATION,
                    DELETE_SYNCHRONISATION,
                    START_SYNCHRONISATION,
                    FULL_SYNCHRONISATION,
                    STOP_SYNCHRONISATION,
                    CONFIRM_SYNCHRONISATION,
                    LIST_RUNS,
                    GET_RUN -> synchronisations.answer(exchange, body, version);
            case LIST_SUBSCRIPTIONS, GET_SUBSCRIPTION, APPROVE_SUBSCRIPTION, PAUSE_SUBSCRIPTION, RESUME_SUBSCRIPTION ->
                subscriptions.answer(exchange, version);
            case LIST_EXPORTS, DELETE_EXPORT -> exports.answer(exchange);
            case LOAD -> load.answer(exchange);
            case LIST_SETTINGS, GET_SETTING, PUT_SETTING, DELETE_SETTING -> settings.answer(exchange, body, version);
            case ADD_CONSUMER -> {
                exchange.note().concerns(body.text("name"));
                yield putConsumer(body, body.text("name"), 0);
            }
            case ADD_GROUP -> {
                exchange.note().concerns(body.text("name"));
                yield put(0, access.edit().putGroup(body.text("name"), body.texts("roles"), 0));
            }
            case ADD_ROLE -> {
                exchange.note().concerns(body.text("name"));
                yield put(0, access.edit().putRole(body.text("name"), body.texts("permissions"), 0));
            }
            case ADD_ADMINISTRATOR -> {
                exchange.note().concerns(body.text("name"));
                yield putAdministrator(body, body.text("name"), 0);
            }
        };
    }

    /** Refused where no notes can be asked for so. */
    public static void requireNotes(List<QueryParameter> query) {
        AuditPages.require(query);
    }

    /** The newest notes of what is asked for, by nobody in particular. */
    public AuditPages.Newest newestNotes(List<QueryParameter> query) {
        return audit().newest(query);
    }

    AuditPages audit() {
        return new AuditPages(access.audit());
    }

    /** What an administrator is called; the local token is nobody's name. */
    private static String name(Exchange exchange) {
        String who = exchange.consumer();
        return who.substring(who.indexOf('/') + 1);
    }

    private AdminAnswer setUp(AdminBody body, Exchange exchange) {
        return session(access.administrators()
                .setUp(body.text("code"), body.text("name"), body.text("password"), exchange.client(), () -> {
                    exchange.note().named(body.text("name"));
                    exchange.note().require();
                }));
    }

    private AdminAnswer logIn(AdminBody body, Exchange exchange) {
        return session(access.administrators()
                .logIn(named(body, exchange), body.text("password"), exchange.client(), exchange.note()::require));
    }

    /** Who nobody knows is not noted: it may be a password in the wrong place. */
    private String named(AdminBody body, Exchange exchange) {
        String name = body.text("name");
        if (access.administrators().isKnown(name)) {
            exchange.note().named(name);
        }
        return name;
    }

    private static AdminAnswer session(String token) {
        return AdminAnswer.created(new BsonDocument("token", new BsonString(token)));
    }

    /** What was sent as a token, or is in the cookie, was found out to be one. */
    private AdminAnswer logOut(HttpServletRequest request) {
        SentToken.ofBearer(request.getHeader("Authorization"))
                .or(() -> SessionCookie.find(request))
                .ifPresent(access.administrators()::logOut);
        return AdminAnswer.nothing();
    }

    private AdminAnswer changePassword(AdminBody body, Exchange exchange) {
        return session(access.administrators()
                .changePassword(name(exchange), body.text("old"), body.text("new"), exchange.client()));
    }

    private AdminAnswer putAdministrator(AdminBody body, String name, long version) {
        return put(
                version,
                access.administrators()
                        .put(
                                name,
                                AdministratorRole.named(body.text("role")),
                                body.optionalText("password").orElse(null),
                                version));
    }

    private AdminAnswer putConsumer(AdminBody body, String name, long version) {
        return put(
                version,
                access.edit()
                        .putConsumer(
                                name,
                                body.optionalText("contact").orElse(""),
                                body.texts("groups"),
                                body.texts("roles"),
                                version));
    }

    private AdminAnswer removed(Named kind, String name, long version) {
        access.edit().remove(kind, name, version);
        return AdminAnswer.nothing();
    }

    private AdminAnswer asked(AdminBody body, Exchange exchange) {
        TokenRequests.Asked asked = access.requests()
                .ask(
                        body.text("name"),
                        body.text("contact"),
                        body.optionalText("reason").orElse(""),
                        exchange.client(),
                        exchange.isByClient(),
                        () -> {
                            exchange.note().named(body.text("name"));
                            exchange.note().require();
                        });
        exchange.note().concerns(asked.id());
        return AdminAnswer.created(state(asked.isAccepted() ? "accepted" : "waiting")
                .append("id", new BsonString(asked.id()))
                .append("secret", new BsonString(asked.secret())));
    }

    private static AdminAnswer decided(TokenRequests.Shown request, Exchange exchange) {
        exchange.note().concerns(request.name());
        return AdminAnswer.of(shown(request));
    }

    private static BsonDocument state(String word) {
        return new BsonDocument("state", new BsonString(word));
    }

    private static BsonDocument shown(TokenRequests.Shown request) {
        return new BsonDocument("id", new BsonString(request.id()))
                .append("name", new BsonString(request.name()))
                .append("contact", new BsonString(request.contact()))
                .append("reason", new BsonString(request.reason()))
                .append("address", new BsonString(request.address()))
                .append("created", new BsonString(request.created().toString()))
                .append("state", new BsonString(request.state()))
                .append("answer", new BsonString(request.answer()));
    }

    private AdminAnswer issued(AdminBody body, String name) {
        return issued(access.edit().issue(name, body.text("label"), expiry(body)));
    }

    private static AdminAnswer issued(EditAccess.Issued issued) {
        return AdminAnswer.created(shown(issued.token(), Map.of()).append("token", new BsonString(issued.text())));
    }

    private static @Nullable Instant expiry(AdminBody body) {
        Optional<String> text = body.optionalText("expires");
        try {
            return text.map(Instant::parse).orElse(null);
        } catch (DateTimeException e) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "expires is \"" + Refusal.shown(text.orElse(""))
                            + "\"; allowed is a time such as 2027-01-31T00:00:00Z");
        }
    }

    /** With what it may do, from all its roles, when its tokens were used last, and how often in a day. */
    private AdminAnswer consumer(String name) {
        Kept found = access.edit().require(Named.CONSUMER, name);
        List<IssuedToken> tokens = EditAccess.read(found).map(Consumer::tokens).orElse(List.of());
        Map<String, Use> uses = access.uses(tokens.stream().map(IssuedToken::id).toList());
        BsonDocument shown = shown(found)
                .append(
                        "tokens",
                        tokens.stream().map(token -> shown(token, uses)).collect(AdminAnswer.list()))
                .append(
                        "calls",
                        new BsonInt64(
                                uses.values().stream().mapToLong(Use::calls).sum()))
                .append("permissions", AdminAnswer.texts(access.permissionsOf(name)));
        return new AdminAnswer(HttpServletResponse.SC_OK, found.version(), shown);
    }

    private AdminAnswer one(Kept found) {
        return new AdminAnswer(HttpServletResponse.SC_OK, found.version(), shown(found));
    }

    private AdminAnswer put(long version, Kept found) {
        int status = version == 0 ? HttpServletResponse.SC_CREATED : HttpServletResponse.SC_OK;
        return new AdminAnswer(status, found.version(), shown(found));
    }

    private AdminAnswer listed(String what, List<Kept> found) {
        BsonArray all = found.stream().<BsonValue>map(this::shown).collect(AdminAnswer.list());
        return AdminAnswer.of(new BsonDocument(what, all));
    }

    /** Without the hashes of passwords and tokens. */
    private BsonDocument shown(Kept found) {
        BsonDocument shown = new BsonDocument("name", new BsonString(found.name()));
        if (found.version() > 0) {
            shown.append("version", new BsonInt64(found.version()));
        }
        if (!isReadable(found)) {
            return shown.append("unreadable", BsonBoolean.TRUE);
        }
        BsonDocument content = found.content().clone();
        content.remove("password");
        if (content.containsKey("tokens")) {
            BsonArray tokens = EditAccess.read(found).map(Consumer::tokens).orElse(List.of()).stream()
                    .<BsonValue>map(token -> shown(token, Map.of()))
                    .collect(AdminAnswer.list());
            content.put("tokens", tokens);
        }
        shown.putAll(content);
        return shown;
    }

    /** What somebody changed by hand may be anything. */
    private static boolean isReadable(Kept found) {
        return !found.id().startsWith(Named.CONSUMER.id(""))
                || EditAccess.read(found).isPresent();
    }

    private static BsonDocument shown(IssuedToken token, Map<String, Use> uses) {
        BsonDocument shown = new BsonDocument("id", new BsonString(token.id()))
                .append("label", new BsonString(token.label()))
                .append("created", new BsonString(token.created().toString()));
        Instant expires = token.expires();
        if (expires != null) {
            shown.append("expires", new BsonString(expires.toString()));
        }
        Use used = uses.get(token.id());
        return used == null
                ? shown
                : shown.append("lastUse", new BsonString(used.last().toString()))
                        .append("calls", new BsonInt64(used.calls()));
    }
}
