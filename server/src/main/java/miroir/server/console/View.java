package miroir.server.console;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import miroir.index.search.QueryParameter;
import miroir.index.store.Scope;
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
    private final Exchange exchange;
    private final Messages messages;
    private final Site site;
    private final List<Where.Section> sections;
    private final String here;
    private final @Nullable Notice notice;
    private final List<QueryParameter> typed;
    private final String refusedRoute;

    /**
     * What parts of pages look alike for.
     *
     * @param seen of which resources they may know
     * @param root where the browser finds what is {@code /} here
     */
    record Alike(Language language, AdministratorRole role, Scope seen, String root) {}

    /**
     * What came of what was asked for.
     *
     * @param detail a sentence in English that says more; null: there is none
     */
    record Notice(boolean isGood, String text, @Nullable String detail) {}

    private View(
            Exchange exchange,
            Messages messages,
            Site site,
            List<Where.Section> sections,
            String here,
            @Nullable Notice notice,
            String refusedRoute,
            List<QueryParameter> typed) {
        this.refusedRoute = refusedRoute;
        this.exchange = exchange;
        this.messages = messages;
        this.site = site;
        this.sections = List.copyOf(sections);
        this.here = here;
        this.notice = notice;
        this.typed = List.copyOf(typed);
    }

    /**
     * Who asks for that page.
     *
     * @param here its path and query, below the root of the tenant
     */
    static View of(Exchange exchange, Language language, Site site, String here) {
        boolean isInside = exchange.administrator().isAtLeast(AdministratorRole.VIEWER);
        boolean mayAudit = exchange.administrator().isAtLeast(AdminRoute.AUDIT.needed());
        Where where = new Where(here);
        where.begin("nav.copy")
                .add(isInside, ConsolePaths.CONSOLE + "/synchronisations", "nav.synchronisations")
                .add(isInside, ConsolePaths.CONSOLE + "/sources", "nav.sources");
        where.begin("nav.directory")
                .add(site.hasReports(), Router.PEOPLE, "nav.people")
                .add(isInside, ResourcePages.PATH, "nav.resources")
                .add(site.hasQuality(), Router.REPORTS + "/quality", "nav.quality")
                .add(site.hasReports(), Router.REPORTS + "/changes", "nav.changes")
                .add(site.hasReports(), Router.REPORTS + "/mailboxes", "nav.mailboxes")
                .add(true, Router.PARAMETERS, "param.title");
        where.begin("nav.access")
                .add(isInside, ConsolePaths.CONSOLE + "/consumers", "nav.consumers")
                .add(isInside && site.hasSubscriptions(), ConsolePaths.CONSOLE + "/subscriptions", "nav.subscriptions")
                .add(isInside && site.hasExports(), ConsolePaths.CONSOLE + "/exports", "nav.exports")
                .add(mayAudit, ConsolePaths.CONSOLE + "/audit", "nav.audit");
        where.begin("nav.server")
                .add(isInside, ConsolePaths.CONSOLE + "/load", "nav.load")
                .add(isInside, ConsolePaths.CONSOLE + "/settings", "nav.settings");
        return new View(exchange, Messages.in(language), site, where.sections(), here, null, "", List.of());
    }

    /** For whom parts of pages look as they do for who looks at this one. */
    Alike alike() {
        return new Alike(language(), exchange.administrator(), exchange.seen(), exchange.rootPath());
    }

    /** The same for all of them: with nothing of a session, nor of where the part stands, which browsers put into its forms by themselves. */
    View forAllAlike() {
        return new View(exchange, messages, site, List.of(), "", null, "", List.of());
    }

    /** The same page for who looks as he is allowed now; refused where he may not look any more. */
    View allowedNow() {
        return new View(exchange.allowedNow(), messages, site, sections, here, notice, refusedRoute, typed);
    }

    /** The same page with what came of what was asked for. */
    View with(Notice other) {
        return new View(exchange, messages, site, sections, here, other, refusedRoute, typed);
    }

    /** The same page with what was typed into its form, which was refused. */
    View refused(String key, @Nullable String reason, String route, List<QueryParameter> form) {
        return new View(exchange, messages, site, sections, here, new Notice(false, say(key), reason), route, form);
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
        return site.zone();
    }

    List<Where.Section> sections() {
        return sections;
    }

    /** What stands below them: the places of the section that this page is of, or of the only one. */
    List<Where.Place> places() {
        return sections.stream()
                .filter(each -> each.isHere() || sections.size() == 1)
                .findFirst()
                .map(Where.Section::places)
                .orElse(List.of());
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

    String value(String value) {
        return messages.value(value);
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

    /** Whether there is a report on quality, or will be. */
    boolean hasQuality() {
        return site.hasQuality();
    }

    /** Whether people are found on a page of their own. */
    boolean hasPeople() {
        return site.hasReports();
    }

    /** Whether a browser, which has no token, is answered by FHIR itself. */
    boolean isOpen() {
        return site.isOpen();
    }

    /** Where a resource is read: as it is, or, where FHIR itself does not know browsers, as people read it who log in. */
    String resource(String path) {
        return url(!isOpen() ? ResourcePages.PATH + "/" + path : "/fhir/" + path + "?_format=json&_pretty=true");
    }

    /** Where a search is answered; the same. */
    String search(String type, String criteria) {
        return url(
                !isOpen()
                        ? SearchType.path(type, criteria)
                        : "/fhir/" + type + "?" + (criteria.isEmpty() ? "" : criteria + "&")
                                + "_format=json&_pretty=true");
    }

    String asset(String name) {
        return url(Assets.path(name, site.theme()));
    }

    Theme theme() {
        return site.theme();
    }

    /** Where a form is sent that asks for this, below {@code /admin/api}. */
    String form(String method, String path) {
        return url(ConsolePaths.form(method, path));
    }

    /** This page, for a form to come back to; empty where it may be any. */
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
        return here.isEmpty() ? "" : csrf(SessionCookie.find(exchange.request()).orElse(""));
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
                        .withZone(site.zone())
                        .format(instant);
    }

    /** The same to the second. */
    String exactly(Instant instant) {
        return DateTimeFormatter.ofLocalizedDateTime(FormatStyle.SHORT, FormatStyle.MEDIUM)
                .withLocale(language().locale())
                .withZone(site.zone())
                .format(instant);
    }

    /** What administrators can do, or anybody, in words; empty where its name says it. */
    String act(String name) {
        if (language() == Language.FR) {
            String words = FrenchWords.ACTS.find(name);
            return words == null ? "" : words;
        }
        return Arrays.stream(AdminRoute.values())
                .filter(route -> route.name().equals(name))
                .map(AdminRoute::summary)
                .findFirst()
                .orElse("");
    }

    /** A length of time for people, as precise as they want it. */
    String length(Duration length) {
        long seconds = Math.max(0, length.toSeconds());
        if (seconds < 60) {
            return say("length.seconds", number(seconds));
        }
        if (seconds < 3600) {
            return two(seconds / 60, seconds % 60, "length.minutes", "length.wholeMinutes");
        }
        return seconds < 172_800
                ? two(seconds / 3600, seconds % 3600 / 60, "length.hours", "length.wholeHours")
                : say("length.days", number(seconds / 86_400));
    }

    private String two(long large, long small, String both, String whole) {
        return small == 0 ? say(whole, number(large)) : say(both, number(large), number(small));
    }
}
