package miroir.server.pipeline;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.function.ObjLongConsumer;
import java.util.function.Supplier;
import miroir.index.search.QueryParameter;
import miroir.index.store.Caller;
import miroir.index.store.Scope;
import miroir.server.access.AdministratorRole;
import miroir.server.access.Grants;
import miroir.server.audit.Audit;
import miroir.server.format.Format;
import miroir.server.proxy.Addresses;
import miroir.server.proxy.Reached;
import miroir.server.routing.AdminCall;
import miroir.server.routing.ConsolePaths;
import miroir.server.routing.Interaction;
import miroir.server.routing.Route;
import miroir.server.routing.Router;
import org.jspecify.annotations.Nullable;

/** One request and its answer, as far as the pipeline knows them. Used by one thread at a time. */
public final class Exchange {
    /** Under this name a request that came to the pipeline has its exchange. */
    public static final String ATTRIBUTE = Exchange.class.getName();

    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    /** So long what a token allows is not asked again. */
    private static final long GOOD_NANOS = 1_000_000_000;

    private final HttpServletRequest request;
    private final String requestId;
    private final long started = System.nanoTime();
    private final List<Runnable> actions = new ArrayList<>();
    private final List<TimedStep> steps = new ArrayList<>(6);
    private long lastStep = started;
    private Route route = Route.none();
    private List<QueryParameter> query = List.of();
    private @Nullable AdminCall adminCall;
    private Rights rights = Rights.none();
    private Caller caller = Caller.nobody();
    private @Nullable Supplier<Rights> again;
    private long authenticatedAt;
    private List<String> bases = List.of("");
    private boolean asDirectory;
    private boolean byForm;
    private Format preferred = Format.JSON;
    private String tenant = "";
    private Reached reached;
    private boolean traced;
    private WorkingMemory.@Nullable Held held;
    private WorkingMemory.@Nullable Held heldForBody;
    private IntConsumer counting = entries -> {};
    private long bytes;
    private boolean aborted;
    private @Nullable RequestNote note;

    record TimedStep(Step step, long nanos, @Nullable String description) {}

    /** Of which this is an entry; null where it is the whole. */
    private final @Nullable Exchange whole;

    private Exchange(HttpServletRequest request, String requestId, Reached reached, @Nullable Exchange whole) {
        this.request = request;
        this.requestId = requestId;
        this.reached = reached;
        this.whole = whole;
    }

    static Exchange begin(HttpServletRequest request, String requestId, Reached reached) {
        Exchange exchange = new Exchange(request, requestId, reached, null);
        request.setAttribute(ATTRIBUTE, exchange);
        return exchange;
    }

    /** The exchange that this request belongs to. */
    public static Exchange of(HttpServletRequest request) {
        return find(request).orElseGet(() -> begin(request, "none", Reached.unknown()));
    }

    /** The exchange that the pipeline began; empty in somebody else's server, where there is no pipeline. */
    public static Optional<Exchange> find(HttpServletRequest request) {
        return Optional.ofNullable((Exchange) request.getAttribute(ATTRIBUTE));
    }

    /** An exchange for a request that somebody else's server received, checked and routed. */
    public static Exchange hosted(HttpServletRequest request, Route route, List<QueryParameter> query, String base) {
        Exchange exchange = begin(request, "none", Reached.unknown());
        exchange.route = route;
        exchange.query = List.copyOf(query);
        exchange.bases = List.of(base);
        exchange.rights = Rights.all();
        exchange.caller = Caller.everyone();
        return exchange;
    }

    /** One entry of a bundle, as if it were a request of its own; what it holds, it holds until the whole is over. */
    public Exchange entry(Route asked, List<QueryParameter> parameters) {
        return byTheSame(new Exchange(request, requestId, reached, this), asked, parameters);
    }

    /** What a page asks for who looks at it: a request of its own in all but the connection, noted by itself, and over before the page is written. */
    Exchange inside(Route asked, List<QueryParameter> parameters) {
        Exchange inside = byTheSame(new Exchange(request, requestId, reached, null), asked, parameters);
        inside.note = note().ofAnother(inside);
        return inside;
    }

    /** The same of what administrators ask for. */
    Exchange inside(AdminCall call, List<QueryParameter> parameters) {
        Exchange inside = inside(new Route(Interaction.ADMIN, "", ""), parameters);
        inside.adminCall = call;
        return inside;
    }

    private Exchange byTheSame(Exchange other, Route asked, List<QueryParameter> parameters) {
        other.route = asked;
        other.query = List.copyOf(parameters);
        other.rights = rights;
        other.again = again;
        other.authenticatedAt = authenticatedAt;
        other.bases = bases;
        other.asDirectory = asDirectory;
        other.tenant = tenant;
        other.preferred = preferred;
        return other;
    }

    /** Whether this is an entry of a bundle, which has room for all of them. */
    public boolean isEntry() {
        return whole != null;
    }

    /** Has this done when the request is over, whatever came of it. */
    public void whenOver(Runnable action) {
        if (whole == null) {
            actions.add(action);
        } else {
            whole.whenOver(action);
        }
    }

    /** Has this memory given back when the request is over. */
    public WorkingMemory.Held holding(WorkingMemory.Held memory) {
        held = memory;
        whenOver(memory::close);
        return memory;
    }

    /** Has this memory, which is for the body and whatever comes of it, given back when the request is over. */
    void holdingBody(WorkingMemory.Held memory) {
        heldForBody = memory;
        whenOver(memory::close);
    }

    /** Has this memory, which is for the rest of the body, given back when the request is over. */
    void holdingMore(WorkingMemory.Held memory) {
        whenOver(memory::close);
    }

    /** Whether there is memory for the body already, because it is a large one. */
    public boolean hasRoomForBody() {
        return heldForBody != null;
    }

    /** What follows takes memory of its own, and waits for it; who waits holds none. */
    public void doneWithBody() {
        doneWithForm();
        if (held != null) {
            held.close();
        }
    }

    /** A form is over with its parameters, which are few. */
    void doneWithForm() {
        if (heldForBody != null) {
            heldForBody.close();
        }
    }

    /** The answer is in its buffer, and the resources that it was made of are not needed any more. */
    public void buffered(long length) {
        if (held != null) {
            held.written(length);
        }
    }

    /** The answer was sent, or will not be. */
    public void over() {
        actions.forEach(Runnable::run);
        actions.clear();
    }

    /** The id under which the log knows this request. */
    public String requestId() {
        return requestId;
    }

    public Route route() {
        return route;
    }

    void routed(Route found) {
        route = found;
    }

    /** The type that is asked for, or what administrators ask for. */
    String what() {
        return adminCall == null ? route.type() : adminCall.route().name();
    }

    /** What administrators ask for, where that is asked. */
    public AdminCall adminCall() {
        return Objects.requireNonNull(adminCall);
    }

    void routed(AdminCall call) {
        route = new Route(Interaction.ADMIN, "", "");
        adminCall = call;
    }

    /** What administrators ask for by a form of their pages. */
    void routedByForm(AdminCall call) {
        routed(call);
        byForm = true;
    }

    /** Whether it is a form of the administrators' pages. */
    public boolean isByForm() {
        return byForm;
    }

    /** Whether people ask for it with a browser, which shows them what is answered. */
    boolean isForBrowser() {
        return switch (route.interaction()) {
            case CONSOLE -> true;
            case ADMIN -> byForm;
            case PAGE -> wantsHtml() || ConsolePaths.isOfEvents(request.getRequestURI());
            case PEOPLE, REPORT, REPORT_OF_CHANGES, NONE -> wantsHtml();
            default -> false;
        };
    }

    /** Whether it is a page that anybody may see, also while nobody can find out who asks. */
    boolean isForEverybody() {
        String path = request.getRequestURI();
        return (route.interaction() == Interaction.PAGE && !Router.isOfParameters(path))
                || (route.interaction() == Interaction.CONSOLE && ConsolePaths.isForAll(path));
    }

    private boolean wantsHtml() {
        String accept = request.getHeader("Accept");
        return accept != null && accept.contains("text/html");
    }

    /** Whether this is about the server and not about resources. */
    boolean isAdministration() {
        return route.interaction() == Interaction.ADMIN;
    }

    void notedIn(Audit audit) {
        note = new RequestNote(audit, this);
    }

    /** What is noted of the whole request; of one in somebody else's server that is nothing. */
    public RequestNote note() {
        if (whole != null) {
            return whole.note();
        }
        RequestNote known = note;
        if (known == null) {
            known = new RequestNote(Audit.none(), this);
            note = known;
        }
        return known;
    }

    /** The request as the client sent it; what HAPI sees of it is less. */
    public HttpServletRequest request() {
        return request;
    }

    /** The parameters, in order. */
    public List<QueryParameter> query() {
        return query;
    }

    void asked(List<QueryParameter> parameters) {
        query = List.copyOf(parameters);
    }

    /** On whose behalf the store is asked: by who was not let in, of nothing; refused where he was, and may not any more, or where it cannot be noted. */
    public Caller caller() {
        requireStillAllowed();
        if (route.interaction().writes()) {
            note().require();
        }
        return caller;
    }

    /** What whoever asks may see, as it was decided last: nobody is asked again. */
    public Scope seen() {
        return caller.seen();
    }

    /** A body may take minutes to come, and a bundle to be done: whoever lost his rights meanwhile is not let in by those of before. */
    public void requireStillAllowed() {
        if (again != null && System.nanoTime() - authenticatedAt > GOOD_NANOS) {
            authenticated(again, traced);
            Decide.on(this);
        }
    }

    /**
     * The same request of who asks, as he is allowed now: what others read of this one meanwhile stays as it was. Refused where he may not ask that any more.
     */
    public Exchange allowedNow() {
        Exchange now = byTheSame(new Exchange(request, requestId, reached, whole), route, query);
        now.caller = caller;
        now.traced = traced;
        now.requireStillAllowed();
        return now;
    }

    void decided(Caller allowed) {
        caller = allowed;
    }

    /** Who asks; an empty string where nobody had to say. */
    public String consumer() {
        return rights.consumer();
    }

    /** Whether its address is that of who asks, and not perhaps of a gateway that stands between. */
    public boolean isByClient() {
        return reached.byClient();
    }

    /** What they may do as administrators. */
    public AdministratorRole administrator() {
        return rights.administrator();
    }

    /** What they may do. */
    public Grants grants() {
        return rights.grants();
    }

    Rights rights() {
        return rights;
    }

    /**
     * Finds out who asks.
     *
     * @param who is asked again where that was long ago
     */
    void authenticated(Supplier<Rights> who, boolean traceAsked) {
        authenticatedAt = System.nanoTime();
        again = who;
        rights = who.get();
        traced = traceAsked && rights.mayTrace();
    }

    /** Who asks, as turns are given to them: a consumer with all its tokens, or whoever comes from an address. */
    public Asker asker() {
        String consumer = tenant.isEmpty() ? rights.counted() : tenant + " " + rights.counted();
        return rights.byToken() ? Asker.consumer(consumer) : Asker.network(Addresses.network(reached.client()));
    }

    void countedBy(IntConsumer counter) {
        counting = counter;
    }

    /** Counts the entries of a bundle, each like a request. */
    public void countEntries(int entries) {
        counting.accept(entries);
    }

    /** The FHIR base in links, without a slash at its end. */
    public String base() {
        return bases.get(0);
    }

    /** The FHIR bases of the same resources, the one that was asked before others. */
    public List<String> ownBases() {
        return bases;
    }

    /** Whether the URLs that were asked, and those in links, have the words of the directory's own API. */
    public boolean readsAsDirectory() {
        return asDirectory;
    }

    void prefers(Format format) {
        preferred = format;
    }

    /** In which format this is answered where the client does not say. */
    public Format preferredFormat() {
        return preferred;
    }

    void ofTenant(String name) {
        tenant = name;
    }

    /** For which tenant the request is; an empty string: for the server's own. */
    String tenant() {
        return tenant;
    }

    void reached(Reached how, List<String> fhirBases, boolean readAsDirectory) {
        reached = how;
        bases = fhirBases;
        asDirectory = readAsDirectory;
    }

    /** The address of whoever asks, as far as it can be known. */
    public String client() {
        return reached.client();
    }

    /** The URL of what is {@code /} here, without a slash at its end, as links have it. */
    public String root() {
        String base = base();
        return base.endsWith(FhirBase.PATH)
                ? base.substring(0, base.length() - FhirBase.PATH.length())
                : reached.root();
    }

    /** The path at which the client finds what is {@code /} here, without a slash at its end. */
    public String rootPath() {
        return reached.prefix();
    }

    /** Scheme and host of this server as the client sees it. */
    public String origin() {
        return reached.origin();
    }

    /** Whether a page is one of ours that a browser says it comes from: as it reached us, or as we are known where a gateway does not say how it was reached. */
    boolean isOwnOrigin(String origin) {
        return origin.equalsIgnoreCase(reached.origin()) || origin.equalsIgnoreCase(originOf(URI.create(base())));
    }

    private static String originOf(URI uri) {
        boolean isUsual = uri.getPort() == ("https".equals(uri.getScheme()) ? HTTPS : HTTP);
        String port = uri.getPort() < 0 || isUsual ? "" : ":" + uri.getPort();
        return uri.getScheme() + "://" + uri.getHost() + port;
    }

    /** Ends a step: the time since the end of the one before is its time. */
    public void done(Step step) {
        end(step, null);
    }

    /** Ends a step that has something to say, which is put into words only where it is traced. */
    public void done(Step step, Supplier<String> description) {
        end(step, traced ? description : null);
    }

    private void end(Step step, @Nullable Supplier<String> description) {
        long now = System.nanoTime();
        steps.add(new TimedStep(step, now - lastStep, description == null ? null : description.get()));
        lastStep = now;
    }

    /** What was done for this by a request inside it; the time until then was that one's. */
    void didInside(Exchange inside) {
        steps.addAll(inside.steps);
        lastStep = inside.lastStep;
    }

    /** How long each step took, once for each time it was done. */
    void eachStep(ObjLongConsumer<Step> told) {
        for (TimedStep timed : steps) {
            told.accept(timed.step(), timed.nanos());
        }
    }

    /** Whether the client asked for times and may see them. */
    public boolean isTraced() {
        return traced;
    }

    /** The value of the header {@code Server-Timing}. */
    public String serverTiming() {
        List<String> parts = new ArrayList<>();
        for (TimedStep timed : steps) {
            String part = timed.step().label() + String.format(Locale.ROOT, ";dur=%.3f", timed.nanos() / 1_000_000.0);
            String description = timed.description();
            parts.add(description == null ? part : part + ";desc=\"" + quotable(description) + "\"");
        }
        return String.join(", ", parts);
    }

    /** So many bytes of the answer's body were sent. */
    public void wrote(long length) {
        bytes = length;
    }

    /** The client did not take all of the answer. */
    public void aborted() {
        aborted = true;
    }

    boolean isAborted() {
        return aborted;
    }

    long bytes() {
        return bytes;
    }

    long nanos() {
        return System.nanoTime() - started;
    }

    private static String quotable(String text) {
        String ascii = text.replaceAll("[^\\x20-\\x7E]", "?").replace('"', '\'').replace('\\', '/');
        return ascii.length() <= 500 ? ascii : ascii.substring(0, 500) + "...";
    }
}
