package miroir.server.console;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.ArrayList;
import java.util.List;
import miroir.index.search.QueryParameter;
import miroir.server.access.AdministratorRole;
import miroir.server.access.TokenText;
import miroir.server.metadata.ServerVersion;
import miroir.server.pages.Language;
import miroir.server.pipeline.Exchange;
import miroir.server.pipeline.SessionCookie;
import miroir.server.routing.AdminRoute;
import miroir.server.routing.ConsolePaths;
import miroir.server.routing.Router;
import org.jspecify.annotations.Nullable;

/** Who looks at a page, in which language, and what it needs to be written for them. */
public final class View {
    /** Behind the first of the pages for administrators, which are about those who ask. */
    private static final int BEFORE_SUBSCRIPTIONS = 4;

    private final Exchange exchange;
    private final Messages messages;
    private final ZoneId zone;
    private final Theme theme;
    private final List<Place> places;
    private final String here;
    private final @Nullable Notice notice;
    private final List<QueryParameter> typed;
    private final String refusedRoute;

    /**
     * A page that all pages lead to.
     *
     * @param isHere whether it is this one
     */
    record Place(String path, String key, boolean isHere) {}

    /**
     * What came of what was asked for.
     *
     * @param detail a sentence in English that says more; null: there is none
     */
    record Notice(boolean isGood, String text, @Nullable String detail) {}

    private View(
            Exchange exchange,
            Messages messages,
            ZoneId zone,
            Theme theme,
            List<Place> places,
            String here,
            @Nullable Notice notice,
            String refusedRoute,
            List<QueryParameter> typed) {
        this.refusedRoute = refusedRoute;
        this.exchange = exchange;
        this.messages = messages;
        this.zone = zone;
        this.theme = theme;
        this.places = List.copyOf(places);
        this.here = here;
        this.notice = notice;
        this.typed = List.copyOf(typed);
    }

    /**
     * Who asks for that page.
     *
     * @param here its path and query, below the root of the tenant
     */
    static View of(Exchange exchange, Language language, ZoneId zone, boolean hasReports, String here) {
        boolean isInside = exchange.administrator().isAtLeast(AdministratorRole.VIEWER);
        List<Place> places = new ArrayList<>();
        if (isInside) {
            add(places, here, ConsolePaths.CONSOLE + "/synchronisations", "nav.synchronisations");
            add(places, here, ConsolePaths.CONSOLE + "/sources", "nav.sources");
            add(places, here, ResourcePages.PATH, "nav.resources");
            add(places, here, ConsolePaths.CONSOLE + "/consumers", "nav.consumers");
            add(places, here, ConsolePaths.CONSOLE + "/load", "nav.load");
            add(places, here, ConsolePaths.CONSOLE + "/settings", "nav.settings");
        }
        if (exchange.administrator().isAtLeast(AdminRoute.AUDIT.needed())) {
            add(places, here, ConsolePaths.CONSOLE + "/audit", "nav.audit");
        }
        if (hasReports) {
            add(places, here, Router.PEOPLE, "nav.people");
            add(places, here, Router.REPORTS + "/quality", "nav.quality");
            add(places, here, Router.REPORTS + "/changes", "nav.changes");
            add(places, here, Router.REPORTS + "/mailboxes", "nav.mailboxes");
        }
        return new View(exchange, Messages.in(language), zone, Theme.none(), places, here, null, "", List.of());
    }

    /** The same page where there are subscriptions to look after. */
    View withSubscriptions() {
        if (places.isEmpty() || !exchange.administrator().isAtLeast(AdministratorRole.VIEWER)) {
            return this;
        }
        List<Place> more = new ArrayList<>(places.subList(0, BEFORE_SUBSCRIPTIONS));
        add(more, here, ConsolePaths.CONSOLE + "/subscriptions", "nav.subscriptions");
        more.addAll(places.subList(BEFORE_SUBSCRIPTIONS, places.size()));
        return new View(exchange, messages, zone, theme, more, here, notice, refusedRoute, typed);
    }

    /** The same page as it looks for a deployer. */
    View in(Theme other) {
        return new View(exchange, messages, zone, other, places, here, notice, refusedRoute, typed);
    }

    private static void add(List<Place> places, String here, String path, String key) {
        boolean isHere = here.equals(path) || here.startsWith(path + "/") || here.startsWith(path + "?");
        places.add(new Place(path, key, isHere));
    }

    /** The same page with what came of what was asked for. */
    View with(Notice other) {
        return new View(exchange, messages, zone, theme, places, here, other, refusedRoute, typed);
    }

    /** The same page with what was typed into its form, which was refused. */
    View refused(String key, @Nullable String reason, String route, List<QueryParameter> form) {
        return new View(
                exchange, messages, zone, theme, places, here, new Notice(false, say(key), reason), route, form);
    }

    /** The key of what that kind of failure is called. */
    String failure(int status) {
        String key = "failure." + status;
        return has(key) ? key : status < 500 ? "failure.client" : "failure.server";
    }

    Exchange exchange() {
        return exchange;
    }

    Language language() {
        return messages.language();
    }

    ZoneId zone() {
        return zone;
    }

    List<Place> places() {
        return places;
    }

    @Nullable
    Notice notice() {
        return notice;
    }

    String say(String key, Object... values) {
        return messages.text(key, values);
    }

    String count(String key, long number) {
        return messages.count(key, number);
    }

    String number(long number) {
        return messages.number(number);
    }

    boolean has(String key) {
        return messages.has(key);
    }

    String version() {
        return ServerVersion.text();
    }

    /** A path as the browser has to ask for it. */
    String url(String path) {
        return exchange.rootPath() + path;
    }

    String asset(String name) {
        return url(Assets.path(name, theme));
    }

    Theme theme() {
        return theme;
    }

    /** Where a form is sent that asks for this, below {@code /admin/api}. */
    String form(String method, String path) {
        return url(ConsolePaths.form(method, path));
    }

    /** This page, for a form to come back to. */
    String here() {
        return here;
    }

    String inOtherLanguage() {
        String path = here.split("\\?", 2)[0];
        List<QueryParameter> query = new ArrayList<>(exchange.isByForm() ? List.of() : exchange.query());
        query.removeIf(parameter -> parameter.name().equals(Language.PARAMETER));
        query.add(new QueryParameter(Language.PARAMETER, language().other().code()));
        return url(path + "?" + QueryParameter.encode(query));
    }

    boolean isLoggedIn() {
        return SessionCookie.find(exchange.request()).isPresent()
                && exchange.administrator() != AdministratorRole.NOBODY;
    }

    /** What whoever is logged in is called. */
    String who() {
        String who = exchange.consumer();
        return who.substring(who.indexOf('/') + 1);
    }

    boolean operates() {
        return exchange.administrator().isAtLeast(AdministratorRole.OPERATOR);
    }

    boolean administers() {
        return exchange.administrator().isAtLeast(AdministratorRole.ADMINISTRATOR);
    }

    /** What a form of this session has in it, and a form of another site cannot. */
    String csrf() {
        return csrf(SessionCookie.find(exchange.request()).orElse(""));
    }

    static String csrf(String session) {
        return session.isEmpty() ? "" : TokenText.hash("csrf " + session).substring(0, 32);
    }

    /** What was typed into a field of the form that was refused, or what there was before. */
    String typed(String field, String otherwise) {
        return typed.stream()
                .filter(parameter -> parameter.name().equals(field))
                .map(QueryParameter::value)
                .findFirst()
                .orElse(otherwise);
    }

    /** Whether it was the form that asks for this which was refused. */
    boolean isRefused(String route) {
        return refusedRoute.equals(route);
    }

    /** The same; on a page with one form it need not be named. */
    String typedInto(String route, String field, String otherwise) {
        return route.isEmpty() ? typed(field, otherwise) : typed(route, field, otherwise);
    }

    /** The same for a page with several forms. */
    String typed(String route, String field, String otherwise) {
        return isRefused(route) ? typed(field, otherwise) : otherwise;
    }

    /** An instant for people; nothing where there is none. */
    String when(@Nullable Instant instant) {
        return instant == null
                ? ""
                : DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM, FormatStyle.SHORT)
                        .withLocale(language().locale())
                        .withZone(zone)
                        .format(instant);
    }

    /** A length of time for people, as precise as they want it. */
    String length(Duration length) {
        long seconds = Math.max(0, length.toSeconds());
        if (seconds < 60) {
            return say("length.seconds", number(seconds));
        }
        if (seconds < 3600) {
            return say("length.minutes", number(seconds / 60), number(seconds % 60));
        }
        return seconds < 172_800
                ? say("length.hours", number(seconds / 3600), number(seconds % 3600 / 60))
                : say("length.days", number(seconds / 86_400));
    }
}
