package miroir.server.pipeline;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import miroir.index.Refusal;
import miroir.index.search.DirectoryDialect;
import miroir.index.search.QueryParameter;
import miroir.index.store.SearchInForce;
import miroir.server.access.Bearers;
import miroir.server.access.KnownTokens;
import miroir.server.audit.Audit;
import miroir.server.configuration.PresentConfiguration;
import miroir.server.configuration.ServerConfiguration;
import miroir.server.failure.Failures;
import miroir.server.failure.WriteFailure;
import miroir.server.format.AnswerFormat;
import miroir.server.format.PatchFormat;
import miroir.server.proxy.Addresses;
import miroir.server.proxy.Reached;
import miroir.server.proxy.TrustedProxies;
import miroir.server.routing.AdminRoute;
import miroir.server.routing.ConsolePaths;
import miroir.server.routing.Interaction;
import miroir.server.routing.Route;
import miroir.server.routing.Router;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** The stages that every request passes, in order, in {@link #doFilter}. */
public final class RequestPipeline implements Filter {
    static final String TRACE = "X-Miroir-Trace";

    private final PresentConfiguration present;
    private final String tenant;
    private final SecurityHeaders headers;
    private final AllowedHosts hosts;
    private final AllowedOrigins origins;
    private final TrustedProxies proxies;
    private final Authentication authentication;
    private final KnownTokens tokens;
    private final Quotas quotas;
    private final Router router;
    private final RequestMetrics metrics;
    private final Audit audit;
    private final AgeOfCopies age;
    private final FhirBase base;
    private final BodyLimits bodies;
    private final RestOfBody restOfBody = new RestOfBody();
    private final TellTrace traces;
    private final FailurePage failurePage;

    /** What people see who ask with a browser and are refused. */
    @FunctionalInterface
    public interface FailurePage {
        /** Writes it; false where it could not, and the failure is told as to programs. */
        boolean answers(Exchange exchange, HttpServletResponse response, Throwable failure);
    }

    public RequestPipeline(
            PresentConfiguration present,
            @Nullable String token,
            Bearers bearers,
            KnownTokens tokens,
            Supplier<SearchInForce> search,
            Router router,
            RequestMetrics metrics,
            Audit audit,
            AgeOfCopies age,
            WorkingMemory memory,
            TellTrace traces,
            FailurePage failurePage) {
        this.traces = traces;
        this.failurePage = failurePage;
        this.present = present;
        ServerConfiguration configuration = present.get();
        this.tenant = configuration.tenant();
        this.headers = new SecurityHeaders(configuration.listen());
        this.hosts = new AllowedHosts(configuration.listen().allHosts());
        this.origins = new AllowedOrigins(configuration.access().origins());
        this.proxies = new TrustedProxies(
                configuration.listen().trustedProxies(),
                configuration.listen().forwardedHeaders(),
                configuration.listen().scheme());
        this.authentication = new Authentication(configuration.access(), proxies, token, bearers, search);
        this.tokens = tokens;
        this.quotas = new Quotas(configuration.limits(), tokens, metrics, System::nanoTime);
        this.router = router;
        this.metrics = metrics;
        this.audit = audit;
        this.age = age;
        this.base = new FhirBase(
                configuration.listen().publicBase().orElse(null),
                configuration.search().directoryPath().orElse(null));
        this.bodies = new BodyLimits(configuration, memory);
    }

    @Override
    public void doFilter(ServletRequest servletRequest, ServletResponse servletResponse, FilterChain chain)
            throws IOException, ServletException {
        HttpServletRequest request = (HttpServletRequest) servletRequest;
        HttpServletResponse response = (HttpServletResponse) servletResponse;
        Exchange exchange = Exchange.begin(
                request,
                RequestId.of(request.getHeader(RequestId.HEADER)),
                proxies.directly(request).below(PathPrefix.of(request)));
        exchange.ofTenant(tenant);
        if (FhirBase.contains(request.getRequestURI())) {
            exchange.prefers(present.get().fhir().format());
        }
        exchange.notedIn(audit);
        response.setHeader(RequestId.HEADER, exchange.requestId());
        CorrelationId.of(
                        request.getHeader(CorrelationId.HEADER),
                        request.getHeader(RequestId.HEADER),
                        exchange.requestId())
                .ifPresent(id -> response.setHeader(CorrelationId.HEADER, id));
        headers.set(response::setHeader);
        origins.tell(request, response);
        MDC.put(AccessLog.REQUEST, exchange.requestId());
        try {
            hosts.check(request.getHeader("Host"));
            reach(exchange, proxies.of(request).below(PathPrefix.of(request)));
            PlainPath.check(request.getRequestURI());
            route(request, exchange);
            if (origins.isQuestion(request)) {
                quotas.askedByNobody(exchange, () -> isFromThisMachine(request, exchange));
                origins.answer(response, answerOptions(request, response));
                return;
            }
            authenticate(request, exchange);
            age.of(exchange.route()).ifPresent(asOf -> response.setHeader(AgeOfCopies.HEADER, asOf));
            Decide.on(exchange);
            exchange.note().decided();
            response.setHeader("Cache-Control", caching(exchange));
            if (isPatch(exchange.route().interaction())) {
                response.setHeader("Accept-Patch", PatchFormat.ACCEPTED);
            }
            HttpServletRequest bounded = BoundedRequest.of(exchange, bodies);
            exchange.asked(query(bounded, exchange));
            age.of(exchange.route(), exchange.query()).ifPresent(asOf -> response.setHeader(AgeOfCopies.HEADER, asOf));
            exchange.done(Step.PIPELINE);
            if (exchange.route().interaction() == Interaction.OPTIONS) {
                answerOptions(request, response);
            } else {
                chain.doFilter(shown(bounded, exchange.route()), response);
            }
        } catch (CutAnswer cut) {
            exchange.aborted();
            throw cut;
        } catch (Throwable failure) {
            answer(exchange, response, failure);
        } finally {
            exchange.over();
            exchange.done(Step.REST);
            exchange.note().end(response.getStatus());
            String trace = traces.tell(exchange, request.getMethod(), response.getStatus());
            AccessLog.write(exchange, request.getMethod(), response.getStatus(), trace);
            metrics.record(exchange, response.getStatus());
            tokens.called(exchange.rights().token());
            if (response.getStatus() >= HttpServletResponse.SC_BAD_REQUEST) {
                restOfBody.passOver(request, response);
            }
            MDC.remove(AccessLog.REQUEST);
        }
    }

    /** Finds out who asks, and whether he asks too often, before anything is done that costs more than that. */
    private void authenticate(HttpServletRequest request, Exchange exchange) {
        BooleanSupplier local = () -> isFromThisMachine(request, exchange);
        try {
            if (authentication.isDear(exchange)) {
                quotas.requireLeft(exchange, local);
            }
            exchange.authenticated(() -> authentication.of(exchange), "1".equals(request.getHeader(TRACE)));
        } catch (Refusal refused) {
            quotas.askedByNobody(exchange, local);
            throw refused;
        }
        quotas.asked(exchange, local);
    }

    private boolean isFromThisMachine(HttpServletRequest request, Exchange exchange) {
        return Addresses.isLoopback(exchange.client()) && !proxies.passedOn(request);
    }

    private void answer(Exchange exchange, HttpServletResponse response, Throwable failure) {
        if (failure instanceof IOException && response.isCommitted()) {
            exchange.aborted();
            return;
        }
        if (exchange.isForBrowser() && failurePage.answers(exchange, response, failure)) {
            return;
        }
        AnswerFormat format = AnswerFormat.ofFailure(exchange.request(), exchange.query(), exchange.preferredFormat());
        try {
            exchange.wrote(WriteFailure.to(response, Failures.of(failure, exchange.requestId()), format));
        } catch (IOException e) {
            // Nobody is left to tell.
            exchange.aborted();
        }
    }

    private void reach(Exchange exchange, Reached reached) {
        hosts.check(reached.host());
        String segment = PathPrefix.ofDirectory(exchange.request());
        exchange.reached(reached, base.all(base.of(reached, segment), segment), !segment.isEmpty());
    }

    private void route(HttpServletRequest request, Exchange exchange) {
        if (AdminRoute.contains(request.getRequestURI())) {
            exchange.routed(AdminRoute.find(request.getMethod(), request.getRequestURI()));
        } else if (ConsolePaths.isForm(request.getRequestURI())) {
            exchange.routedByForm(ConsolePaths.call(request.getMethod(), request.getRequestURI()));
        } else {
            exchange.routed(route(request));
        }
    }

    private Route route(HttpServletRequest request) {
        String uri = request.getRequestURI();
        if (!FhirBase.contains(uri)) {
            return Router.page(request.getMethod(), uri);
        }
        Route route = router.route(request.getMethod(), path(request), request.getQueryString() != null);
        boolean conditionalCreate =
                route.interaction() == Interaction.CREATE && request.getHeader("If-None-Exist") != null;
        return conditionalCreate ? new Route(Interaction.CONDITIONAL_CREATE, route.type(), "") : route;
    }

    private static String path(HttpServletRequest request) {
        return PercentDecoded.path(FhirBase.below(request.getRequestURI()));
    }

    /** HAPI would answer with the CapabilityStatement, and with no word of what the path allows; that is returned as well. */
    private List<String> answerOptions(HttpServletRequest request, HttpServletResponse response) {
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        List<String> allowed = router.allowed(path(request), request.getQueryString() != null);
        response.setHeader("Allow", String.join(", ", allowed));
        if (allowed.contains("PATCH")) {
            response.setHeader("Accept-Patch", PatchFormat.ACCEPTED);
        }
        return allowed;
    }

    /** The parameters, which a search by POST has in its body as well. */
    private static List<QueryParameter> query(HttpServletRequest request, Exchange exchange) throws IOException {
        String inUrl = request.getQueryString();
        List<QueryParameter> query = new ArrayList<>(inUrl == null ? List.of() : QueryParameter.decode(inUrl));
        if (request.getMethod().equals("POST") && comesAsForm(exchange.route().interaction(), request)) {
            query.addAll(SearchForm.read(request));
            exchange.doneWithForm();
        }
        query.forEach(QueryParameter::check);
        return exchange.readsAsDirectory() && exchange.route().interaction().isSearch()
                ? DirectoryDialect.inR4(query)
                : query;
    }

    /** An operation may come with a resource as well. */
    private static boolean comesAsForm(Interaction interaction, HttpServletRequest request) {
        return interaction.isSearch() || (interaction == Interaction.DIRECTORY_SEARCH && SearchForm.isIn(request));
    }

    private static boolean isPatch(Interaction interaction) {
        return interaction == Interaction.PATCH || interaction == Interaction.CONDITIONAL_PATCH;
    }

    private static HttpServletRequest shown(HttpServletRequest request, Route route) {
        return switch (route.interaction()) {
            case PAGE,
                    PEOPLE,
                    REPORT,
                    REPORT_OF_CHANGES,
                    ADMIN,
                    CONSOLE,
                    SMART_CONFIGURATION,
                    EXPORT,
                    EXPORT_STATUS,
                    EXPORT_CANCEL,
                    EXPORT_FILE,
                    RUN_VIEW,
                    LIST_VIEWS,
                    READ_VIEW -> request;
            default -> new HapiView(request, route);
        };
    }

    /** Who keeps an answer asks before each use whether it is still right; what a token was shown for is for nobody else. */
    private static String caching(Exchange exchange) {
        return exchange.rights().byToken() ? "private, no-cache" : "no-cache";
    }
}
