package miroir.server.console;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import miroir.index.Refusal;
import miroir.index.search.QueryParameter;
import miroir.server.admin.ExportActions;
import miroir.server.admin.SettingActions;
import miroir.server.admin.SubscriptionActions;
import miroir.server.load.Load;
import miroir.server.pipeline.Decide;
import miroir.server.pipeline.Exchange;
import miroir.server.routing.AdminRoute;
import miroir.server.routing.ConsolePaths;
import miroir.server.routing.Router;
import miroir.storage.sync.KnownSource;
import miroir.storage.sync.Synchronisation;

/** {@code /admin} and what is below it. */
public final class ConsolePages extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private static final String DONE = "done";

    private final transient Pages pages;
    private final transient ReadSynchronisations read;
    private final transient ReadAccess access;
    private final transient ReadAudit audit;
    private final transient ResourcePages resources;
    private final transient SubscriptionActions subscriptions;
    private final transient ExportActions exports;
    private final transient Load load;
    private final transient SettingActions settings;
    private final transient Set<String> types;

    ConsolePages(
            Pages pages,
            ReadSynchronisations read,
            ReadAccess access,
            ReadAudit audit,
            ResourcePages resources,
            SubscriptionActions subscriptions,
            ExportActions exports,
            Load load,
            SettingActions settings,
            Set<String> types) {
        this.audit = audit;
        this.load = load;
        this.pages = pages;
        this.read = read;
        this.access = access;
        this.resources = resources;
        this.subscriptions = subscriptions;
        this.exports = exports;
        this.settings = settings;
        this.types = Set.copyOf(types);
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Exchange exchange = Exchange.of(request);
        View view = pages.view(exchange);
        String done = value(exchange.query(), DONE);
        String key = "done." + done;
        show(
                done.isEmpty() || !view.has(key) ? view : view.with(new View.Notice(true, view.say(key), null)),
                request.getRequestURI(),
                exchange.query(),
                200,
                response);
    }

    /** Shows the page at that path; what cannot be found is refused. */
    void show(View view, String path, List<QueryParameter> query, int status, HttpServletResponse response)
            throws IOException {
        // A form that anybody may send names the page that it comes back to, and that may be any.
        Decide.onConsole(view.exchange(), path);
        response.setHeader("Cache-Control", "no-store");
        if (ResourcePages.contains(path)) {
            resources.show(view, path, query, status, response);
            return;
        }
        List<String> parts =
                List.of(path.substring(ConsolePaths.CONSOLE.length()).split("/", -1));
        String first = parts.size() > 1 ? parts.get(1) : "";
        String second = parts.size() > 2 ? parts.get(2) : "";
        if (parts.size() > 3 || (parts.size() == 3 && second.isEmpty())) {
            throw Router.noPage(path);
        }
        switch (first) {
            case "" -> FailurePages.redirect(response, view.url(ConsolePaths.CONSOLE + "/synchronisations"));
            case "login" -> send(view, "login", logIn(view, query), status, response);
            case "setup" ->
                send(view, "setup", new SetUpForm(view, view.here(), value(query, "code")), status, response);
            case "synchronisations" -> showSynchronisations(view, second, query, status, response);
            case "runs" -> {
                RunDetail run = read.runDetail(second);
                send(
                        view,
                        "run",
                        new RunPage(view, run, read.rejections(second, value(query, RejectionList.PAGE))),
                        status,
                        response);
            }
            case "sources" -> showSources(view, second, status, response);
            case "load" -> showLoad(view, second, path, query, status, response);
            case "consumers" -> showConsumers(view, second, status, response);
            case "subscriptions" -> showSubscriptions(view, second, path, status, response);
            case "exports" -> showExports(view, second, path, status, response);
            case "audit" -> showAudit(view, path, second, query, status, response);
            case "settings", "account" -> {
                if (!second.isEmpty()) {
                    throw Router.noPage(path);
                }
                Object page = first.equals("account") ? new AccountPage(view) : new SettingsPage(view, settings.list());
                send(view, first, page, status, response);
            }
            default -> throw Router.noPage(path);
        }
    }

    private void send(View view, String template, Object page, int status, HttpServletResponse response)
            throws IOException {
        pages.send(view, template, page, status, response);
    }

    private static LogInPage logIn(View view, List<QueryParameter> query) {
        String next = value(query, "next");
        return new LogInPage(view, view.here(), isOurs(next) ? next : ConsolePaths.CONSOLE);
    }

    /** Whether a path leads to one of our pages, and not to another site's. */
    static boolean isOurs(String path) {
        return path.matches("/(admin|people|parameters|reports)([/?][^\\\\\\s]*)?")
                && !path.startsWith(AdminRoute.BASE)
                && !path.startsWith(ConsolePaths.EVENTS)
                && !ConsolePaths.isForm(path);
    }

    private void showSynchronisations(
            View view, String which, List<QueryParameter> query, int status, HttpServletResponse response)
            throws IOException {
        switch (which) {
            case "" ->
                send(
                        view,
                        "synchronisations",
                        new SynchronisationsPage(view, read.list(value(query, "state"))),
                        status,
                        response);
            case "new" ->
                send(
                        view,
                        "newSynchronisation",
                        new NewSynchronisationPage(
                                view,
                                SynchronisationForm.forNew(
                                        read.register().sources().stream()
                                                .map(KnownSource::name)
                                                .toList(),
                                        types)),
                        status,
                        response);
            default -> {
                Synchronisation known = read.require(which);
                send(
                        view,
                        "synchronisation",
                        new SynchronisationPage(
                                view, read.detail(known), SynchronisationForm.of(which, known.definition())),
                        status,
                        response);
            }
        }
    }

    private void showSources(View view, String which, int status, HttpServletResponse response) throws IOException {
        switch (which) {
            case "" -> send(view, "sources", new SourcesPage(view, read.sources()), status, response);
            case "new" -> send(view, "newSource", new NewSourcePage(view, SourceForm.forNew()), status, response);
            default -> {
                KnownSource known = read.source(which);
                send(
                        view,
                        "source",
                        new SourcePage(view, read.row(known), SourceForm.of(known.definition())),
                        status,
                        response);
            }
        }
    }

    private void showLoad(
            View view, String which, String path, List<QueryParameter> query, int status, HttpServletResponse response)
            throws IOException {
        if (!which.isEmpty()) {
            throw Router.noPage(path);
        }
        send(view, "load", new LoadPage(view, LoadShown.of(load, value(query, LoadShown.RANGE))), status, response);
    }

    private void showConsumers(View view, String which, int status, HttpServletResponse response) throws IOException {
        if (which.isEmpty()) {
            send(view, "consumers", new ConsumersPage(view, access.list()), status, response);
        } else {
            send(view, "consumer", new ConsumerPage(view, access.consumer(which)), status, response);
        }
    }

    private void showSubscriptions(View view, String which, String path, int status, HttpServletResponse response)
            throws IOException {
        if (!which.isEmpty()) {
            throw Router.noPage(path);
        }
        SubscriptionList list = SubscriptionList.of(
                subscriptions.known().all(), Instant.now(), settings.present().subscriptions());
        send(view, "subscriptions", new SubscriptionsPage(view, list), status, response);
    }

    private void showExports(View view, String which, String path, int status, HttpServletResponse response)
            throws IOException {
        if (!which.isEmpty()) {
            throw Router.noPage(path);
        }
        ExportsPage page = new ExportsPage(
                view, ExportList.of(exports.known()), settings.present().export());
        send(view, "exports", page, status, response);
    }

    /** What cannot be asked is said above what was typed. */
    private void showAudit(
            View view, String path, String rest, List<QueryParameter> query, int status, HttpServletResponse response)
            throws IOException {
        if (!rest.isEmpty()) {
            throw Router.noPage(path);
        }
        AuditForm form = AuditForm.of(query, view.zone());
        try {
            send(view, "audit", new AuditTrailPage(view, audit.page(view, form)), status, response);
        } catch (Refusal refused) {
            if (refused.reason() != Refusal.Reason.INVALID) {
                throw refused;
            }
            View again =
                    view.with(new View.Notice(false, view.say("failure.client"), String.valueOf(refused.getMessage())));
            send(again, "audit", AuditTrailPage.refused(again, form), 400, response);
        }
    }

    /** The first of that name; an empty text where there is none. */
    static String value(List<QueryParameter> query, String name) {
        return query.stream()
                .filter(parameter -> parameter.name().equals(name))
                .map(QueryParameter::value)
                .findFirst()
                .orElse("");
    }
}
