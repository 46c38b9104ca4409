package miroir.server.routing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.server.access.AdministratorRole;
import org.jspecify.annotations.Nullable;

/** All that administrators can ask for; what is not here is not there. */
public enum AdminRoute {
    OPENAPI("GET", "openapi.json", AdministratorRole.NOBODY, "This description"),
    SETUP(
            "POST",
            "setup",
            AdministratorRole.NOBODY,
            "Makes the first administrator by the code of a set-up link",
            AdminField.text("code"),
            AdminField.text("name"),
            AdminField.text("password")),
    SETUP_LINK(
            "POST",
            "setup-link",
            AdministratorRole.ADMINISTRATOR,
            "Makes a new set-up link; those before work no more"),
    LOG_IN(
            "POST",
            "session",
            AdministratorRole.NOBODY,
            "Logs in; the token of the session is shown once",
            AdminField.text("name"),
            AdminField.text("password")),
    WHO("GET", "session", AdministratorRole.VIEWER, "Who is logged in"),
    LOG_OUT("DELETE", "session", AdministratorRole.VIEWER, "Logs out"),
    CLOSE_OWN_SESSIONS("DELETE", "sessions", AdministratorRole.VIEWER, "Logs out everywhere"),
    CHANGE_PASSWORD(
            "PUT",
            "session/password",
            AdministratorRole.VIEWER,
            "Changes the own password, and ends all sessions of its owner but a new one, whose token is shown once",
            AdminField.text("old"),
            AdminField.text("new")),
    LIST_ADMINISTRATORS("GET", "administrators", AdministratorRole.VIEWER, "All administrators"),
    GET_ADMINISTRATOR("GET", "administrators/{name}", AdministratorRole.VIEWER, "An administrator"),
    PUT_ADMINISTRATOR(
            "PUT",
            "administrators/{name}",
            AdministratorRole.ADMINISTRATOR,
            "Makes or changes an administrator",
            AdminField.text("role"),
            AdminField.optional("password", AdminField.Kind.TEXT)),
    DELETE_ADMINISTRATOR(
            "DELETE",
            "administrators/{name}",
            AdministratorRole.ADMINISTRATOR,
            "Removes an administrator, and ends all his sessions"),
    CLOSE_SESSIONS(
            "DELETE",
            "administrators/{name}/sessions",
            AdministratorRole.ADMINISTRATOR,
            "Ends all sessions of an administrator"),
    LIST_ROLES("GET", "roles", AdministratorRole.VIEWER, "All roles"),
    GET_ROLE("GET", "roles/{name}", AdministratorRole.VIEWER, "A role"),
    PUT_ROLE(
            "PUT",
            "roles/{name}",
            AdministratorRole.ADMINISTRATOR,
            "Makes or changes a role",
            new AdminField("permissions", AdminField.Kind.TEXTS, true)),
    DELETE_ROLE("DELETE", "roles/{name}", AdministratorRole.ADMINISTRATOR, "Removes a role that nobody has"),
    LIST_GROUPS("GET", "groups", AdministratorRole.VIEWER, "All groups"),
    GET_GROUP("GET", "groups/{name}", AdministratorRole.VIEWER, "A group"),
    PUT_GROUP(
            "PUT",
            "groups/{name}",
            AdministratorRole.ADMINISTRATOR,
            "Makes or changes a group",
            new AdminField("roles", AdminField.Kind.TEXTS, true)),
    DELETE_GROUP("DELETE", "groups/{name}", AdministratorRole.ADMINISTRATOR, "Removes a group that nobody is in"),
    LIST_CONSUMERS("GET", "consumers", AdministratorRole.VIEWER, "All consumers"),
    GET_CONSUMER(
            "GET",
            "consumers/{name}",
            AdministratorRole.VIEWER,
            "A consumer with its tokens, when each was used last, how often in the last 24 hours, and what it may do"),
    PUT_CONSUMER(
            "PUT",
            "consumers/{name}",
            AdministratorRole.ADMINISTRATOR,
            "Makes or changes a consumer; its tokens and its quota stay",
            AdminField.optional("contact", AdminField.Kind.TEXT),
            AdminField.optional("groups", AdminField.Kind.TEXTS),
            AdminField.optional("roles", AdminField.Kind.TEXTS)),
    DELETE_CONSUMER(
            "DELETE", "consumers/{name}", AdministratorRole.ADMINISTRATOR, "Removes a consumer with its tokens"),
    BLOCK_CONSUMER(
            "PUT",
            "consumers/{name}/blocked",
            AdministratorRole.OPERATOR,
            "Refuses all tokens of a consumer, or accepts them again",
            new AdminField("blocked", AdminField.Kind.FLAG, true)),
    LIMIT_CONSUMER(
            "PUT",
            "consumers/{name}/quota",
            AdministratorRole.OPERATOR,
            "Says how many requests a consumer may send in a second; null: as many as limits.consumerRate says",
            AdminField.optional("quota", AdminField.Kind.NUMBER)),
    ISSUE_TOKEN(
            "POST",
            "consumers/{name}/tokens",
            AdministratorRole.ADMINISTRATOR,
            "Issues a token, which is shown once",
            AdminField.text("label"),
            AdminField.optional("expires", AdminField.Kind.INSTANT)),
    REVOKE_TOKEN(
            "DELETE",
            "consumers/{name}/tokens/{token}",
            AdministratorRole.OPERATOR,
            "Revokes a token, on all servers within five seconds"),
    REQUEST_TOKEN(
            "POST",
            "requests",
            AdministratorRole.NOBODY,
            "Asks for a consumer and a token, where the server takes such requests; the secret is shown once",
            AdminField.text("name"),
            AdminField.text("contact"),
            AdminField.optional("reason", AdminField.Kind.TEXT)),
    LIST_REQUESTS("GET", "requests", AdministratorRole.VIEWER, "All requests of tokens"),
    ACCEPT_REQUEST(
            "POST",
            "requests/{id}/accept",
            AdministratorRole.ADMINISTRATOR,
            "Lets the token be fetched, for a consumer with these roles",
            AdminField.optional("roles", AdminField.Kind.TEXTS),
            AdminField.optional("groups", AdminField.Kind.TEXTS)),
    REFUSE_REQUEST(
            "POST",
            "requests/{id}/refuse",
            AdministratorRole.OPERATOR,
            "Refuses it, also after it was accepted; whoever asked is told why",
            AdminField.optional("answer", AdminField.Kind.TEXT)),
    DELETE_REQUEST("DELETE", "requests/{id}", AdministratorRole.OPERATOR, "Forgets a request"),
    FETCH_TOKEN(
            "POST",
            "requests/{id}/token",
            AdministratorRole.NOBODY,
            "Fetches the token of an accepted request, once; 202 while nobody has decided",
            AdminField.text("secret")),
    AUDIT(
            "GET",
            "audit",
            AdministratorRole.OPERATOR,
            "Who did what, the newest first, as a Bundle of AuditEvents with a link to the next ones",
            auditFields(AdminField.optional("after", AdminField.Kind.TEXT))),
    EXPORT_AUDIT(
            "GET",
            "audit/export",
            AdministratorRole.OPERATOR,
            "The same, all of it, the oldest first, one AuditEvent on each line",
            auditFields()),
    LIST_SOURCES("GET", "sources", AdministratorRole.VIEWER, "All servers that resources are copied from"),
    GET_SOURCE("GET", "sources/{name}", AdministratorRole.VIEWER, "A source, and what came of trying it"),
    ADD_SOURCE(
            "POST",
            "sources",
            AdministratorRole.ADMINISTRATOR,
            "Defines a source; key names one that the daemon has",
            sourceFields(AdminField.text("name"))),
    PUT_SOURCE(
            "PUT",
            "sources/{name}",
            AdministratorRole.ADMINISTRATOR,
            "Changes a source that is not in the daemon's file",
            sourceFields()),
    DELETE_SOURCE(
            "DELETE",
            "sources/{name}",
            AdministratorRole.ADMINISTRATOR,
            "Forgets a source that nothing is copied from"),
    TRY_SOURCE("POST", "sources/{name}/try", AdministratorRole.OPERATOR, "Has the daemon call a source once"),
    LIST_SYNCHRONISATIONS(
            "GET", "synchronisations", AdministratorRole.VIEWER, "All synchronisations, and how they are"),
    GET_SYNCHRONISATION(
            "GET",
            "synchronisations/{name}",
            AdministratorRole.VIEWER,
            "A synchronisation; its name has dots for the slashes, such as annuaire.Practitioner"),
    ADD_SYNCHRONISATION(
            "POST",
            "synchronisations",
            AdministratorRole.ADMINISTRATOR,
            "Has resources of a source's type copied, all or those that a filter selects, which then has a name",
            synchronisationFields(
                    AdminField.text("source"),
                    AdminField.text("type"),
                    AdminField.optional("name", AdminField.Kind.TEXT))),
    PUT_SYNCHRONISATION(
            "PUT",
            "synchronisations/{name}",
            AdministratorRole.ADMINISTRATOR,
            "Changes a synchronisation that is not in the daemon's file",
            synchronisationFields()),
    DELETE_SYNCHRONISATION(
            "DELETE",
            "synchronisations/{name}",
            AdministratorRole.ADMINISTRATOR,
            "Forgets a synchronisation; what it copied stays"),
    START_SYNCHRONISATION(
            "POST",
            "synchronisations/{name}/start",
            AdministratorRole.OPERATOR,
            "Runs it now, also where it was stopped"),
    FULL_SYNCHRONISATION(
            "POST", "synchronisations/{name}/full", AdministratorRole.OPERATOR, "Runs it now, and reads everything"),
    STOP_SYNCHRONISATION(
            "POST",
            "synchronisations/{name}/stop",
            AdministratorRole.OPERATOR,
            "Stops it within a page, until it is started; what it has done stays done"),
    CONFIRM_SYNCHRONISATION(
            "POST",
            "synchronisations/{name}/confirm",
            AdministratorRole.ADMINISTRATOR,
            "Removes what the guard held back"),
    LIST_RUNS(
            "GET",
            "synchronisations/{name}/runs",
            AdministratorRole.VIEWER,
            "The last runs of a synchronisation, the newest first"),
    GET_RUN("GET", "runs/{id}", AdministratorRole.VIEWER, "A run, with what it rejected and the last of what it said"),
    LIST_SUBSCRIPTIONS(
            "GET", "subscriptions", AdministratorRole.VIEWER, "All subscriptions, and how far they are delivered"),
    GET_SUBSCRIPTION(
            "GET", "subscriptions/{id}", AdministratorRole.VIEWER, "A subscription, and how far it is delivered"),
    APPROVE_SUBSCRIPTION(
            "POST",
            "subscriptions/{id}/approve",
            AdministratorRole.ADMINISTRATOR,
            "Agrees to a subscription as it is, and has it delivered; with If-Match, as it was seen"),
    PAUSE_SUBSCRIPTION(
            "POST",
            "subscriptions/{id}/pause",
            AdministratorRole.OPERATOR,
            "Has it delivered no more until it is resumed"),
    RESUME_SUBSCRIPTION(
            "POST",
            "subscriptions/{id}/resume",
            AdministratorRole.OPERATOR,
            "Has it go on where it stopped, if somebody agreed to it"),
    LIST_EXPORTS(
            "GET",
            "exports",
            AdministratorRole.VIEWER,
            "All exports in bulk that are not over, the newest first, and how far they are cut"),
    DELETE_EXPORT(
            "DELETE",
            "exports/{name}",
            AdministratorRole.OPERATOR,
            "Ends an export, whose name is the beginning of its id; who fetches it is cut off"),
    LOAD(
            "GET",
            "load",
            AdministratorRole.VIEWER,
            "What was asked of this server in a range of time, piece by piece: 10m (which is meant where none is named), 1h, 24h or 7d",
            AdminField.optional("range", AdminField.Kind.TEXT)),
    LIST_SETTINGS(
            "GET",
            "settings",
            AdministratorRole.VIEWER,
            "All keys of the configuration, their values, and who says so"),
    GET_SETTING("GET", "settings/{key}", AdministratorRole.VIEWER, "One of them"),
    PUT_SETTING(
            "PUT",
            "settings/{key}",
            AdministratorRole.ADMINISTRATOR,
            "Sets a value instead of the file's, for all servers of the database, if it is one that may change while they run",
            AdminField.optional("value", AdminField.Kind.TEXT)),
    DELETE_SETTING(
            "DELETE",
            "settings/{key}",
            AdministratorRole.ADMINISTRATOR,
            "Goes back to what the file says, on all servers"),
    ADD_CONSUMER(
            "POST",
            "consumers",
            AdministratorRole.ADMINISTRATOR,
            "Makes a consumer",
            AdminField.text("name"),
            AdminField.optional("contact", AdminField.Kind.TEXT),
            AdminField.optional("groups", AdminField.Kind.TEXTS),
            AdminField.optional("roles", AdminField.Kind.TEXTS)),
    ADD_GROUP(
            "POST",
            "groups",
            AdministratorRole.ADMINISTRATOR,
            "Makes a group",
            AdminField.text("name"),
            new AdminField("roles", AdminField.Kind.TEXTS, true)),
    ADD_ROLE(
            "POST",
            "roles",
            AdministratorRole.ADMINISTRATOR,
            "Makes a role",
            AdminField.text("name"),
            new AdminField("permissions", AdminField.Kind.TEXTS, true)),
    ADD_ADMINISTRATOR(
            "POST",
            "administrators",
            AdministratorRole.ADMINISTRATOR,
            "Makes an administrator",
            AdminField.text("name"),
            AdminField.text("role"),
            AdminField.text("password"));

    /** Below it is all of this. */
    public static final String BASE = "/admin/api";

    private final String method;
    private final String path;
    private final AdministratorRole needed;
    private final String summary;

    @SuppressWarnings("ImmutableEnumChecker") // a list that nobody can change
    private final List<AdminField> fields;

    AdminRoute(String method, String path, AdministratorRole needed, String summary, AdminField... fields) {
        this.fields = List.of(fields);
        this.method = method;
        this.path = path;
        this.needed = needed;
        this.summary = summary;
    }

    public String method() {
        return method;
    }

    /** Below the base, with the names of its variable parts in braces. */
    public String path() {
        return path;
    }

    /** Who may ask for it; {@code NOBODY}: whoever asks. */
    public AdministratorRole needed() {
        return needed;
    }

    private static AdminField[] auditFields(AdminField... more) {
        Stream<AdminField> filters = Stream.concat(
                Stream.of("from", "to").map(name -> AdminField.optional(name, AdminField.Kind.INSTANT)),
                Stream.of("consumer", "interaction", "type", "id", "outcome")
                        .map(name -> AdminField.optional(name, AdminField.Kind.TEXT)));
        return Stream.concat(filters, Stream.of(more)).toArray(AdminField[]::new);
    }

    private static AdminField[] sourceFields(AdminField... first) {
        Stream<AdminField> fields = Stream.of(
                AdminField.text("url"),
                AdminField.optional("header", AdminField.Kind.TEXT),
                AdminField.optional("key", AdminField.Kind.TEXT),
                AdminField.optional("quota", AdminField.Kind.NUMBER),
                AdminField.optional("timeout", AdminField.Kind.TEXT),
                AdminField.optional("pageSize", AdminField.Kind.NUMBER),
                AdminField.optional("proxy", AdminField.Kind.TEXT),
                AdminField.optional("patience", AdminField.Kind.TEXT),
                AdminField.optional("formerly", AdminField.Kind.TEXT));
        return Stream.concat(Stream.of(first), fields).toArray(AdminField[]::new);
    }

    private static AdminField[] synchronisationFields(AdminField... first) {
        Stream<AdminField> fields = Stream.concat(
                Stream.of("filter", "schedule", "fullEvery", "overlap", "guard", "rejects")
                        .map(name -> AdminField.optional(name, AdminField.Kind.TEXT)),
                Stream.of(AdminField.optional("priority", AdminField.Kind.NUMBER)));
        return Stream.concat(Stream.of(first), fields).toArray(AdminField[]::new);
    }

    /** Whether something is changed by whoever may ask for it; not everybody may. */
    public boolean changes() {
        return !isGet() && needed != AdministratorRole.NOBODY;
    }

    /** Whether what is sent with it are parameters. */
    public boolean isGet() {
        return method.equals("GET");
    }

    /** What is sent with it, as a JSON object, or as parameters of a GET. */
    public List<AdminField> fields() {
        return fields;
    }

    /** Whether it changes something that has a version. */
    public boolean isVersioned() {
        return switch (this) {
            case PUT_ADMINISTRATOR,
                    DELETE_ADMINISTRATOR,
                    PUT_ROLE,
                    DELETE_ROLE,
                    PUT_GROUP,
                    DELETE_GROUP,
                    PUT_CONSUMER,
                    DELETE_CONSUMER,
                    PUT_SOURCE,
                    DELETE_SOURCE,
                    PUT_SYNCHRONISATION,
                    DELETE_SYNCHRONISATION,
                    PUT_SETTING,
                    DELETE_SETTING -> true;
            default -> false;
        };
    }

    /** What it does, for people. */
    public String summary() {
        return summary;
    }

    /** Whether a path is one of these, or would be if it were there. */
    public static boolean contains(String uri) {
        return uri.equals(BASE) || uri.startsWith(BASE + "/");
    }

    /** What is asked for. */
    public static AdminCall find(String method, String uri) {
        List<String> parts = Arrays.asList(
                uri.substring(Math.min(uri.length(), BASE.length() + 1)).split("/", -1));
        List<String> others = new ArrayList<>();
        for (AdminRoute route : values()) {
            AdminCall call = route.match(parts);
            if (call != null && route.method.equals(method)) {
                return call;
            }
            if (call != null) {
                others.add(route.method);
            }
        }
        if (others.isEmpty()) {
            throw new Refusal(
                    Refusal.Reason.NOT_FOUND,
                    "nothing is at \"" + Refusal.shown(uri) + "\"; " + BASE + "/openapi.json says what there is");
        }
        throw new MethodRefused(method, "it", others);
    }

    private @Nullable AdminCall match(List<String> asked) {
        List<String> parts = Arrays.asList(path.split("/", -1));
        if (parts.size() != asked.size()) {
            return null;
        }
        List<String> names = new ArrayList<>(List.of("", ""));
        int found = 0;
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i).startsWith("{")) {
                names.set(found++, asked.get(i));
            } else if (!parts.get(i).equals(asked.get(i))) {
                return null;
            }
        }
        return new AdminCall(this, names.get(0), names.get(1));
    }
}
