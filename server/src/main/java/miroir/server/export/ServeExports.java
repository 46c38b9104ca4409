package miroir.server.export;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.index.json.Utf8Buffer;
import miroir.index.search.DirectoryDialect;
import miroir.index.search.Handling;
import miroir.index.search.QueryParameter;
import miroir.index.search.SearchRequest;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.server.access.AdministratorRole;
import miroir.server.access.Permission;
import miroir.server.configuration.PresentConfiguration;
import miroir.server.configuration.ServerConfiguration;
import miroir.server.format.Preference;
import miroir.server.pipeline.Exchange;
import miroir.server.pipeline.Turns;
import miroir.server.pipeline.WorkingMemory;
import miroir.server.routing.Router;
import miroir.storage.MongoResourceStore;

/** {@code [base]/$export}, and below it exports and their files. */
final class ServeExports extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final String NDJSON = "application/fhir+ndjson";
    private static final String ASYNC = "respond-async";
    private static final Duration UNTIL_SETTLED = Duration.ofSeconds(2);
    private static final int BYTES_OF_AN_ID = 16;

    /** How long a client waits before it asks again how far an export is. */
    private static final String SECONDS_UNTIL_MORE = "1";

    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final transient MongoResourceStore store;
    private final transient KeptExports kept;
    private final transient PresentConfiguration present;
    private final transient SendFile sendFile;
    private final transient Runnable begun;
    private final transient SecureRandom random = new SecureRandom();

    /**
     * Those of a store.
     *
     * @param begun called whenever there is one to be cut
     */
    ServeExports(
            MongoResourceStore store,
            KeptExports kept,
            PresentConfiguration present,
            WorkingMemory memory,
            Turns turns,
            Runnable begun) {
        this.store = store;
        this.kept = kept;
        this.present = present;
        this.sendFile = new SendFile(memory, turns, present.get().search().deadline());
        this.begun = begun;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Exchange exchange = Exchange.of(request);
        switch (exchange.route().interaction()) {
            case EXPORT -> begin(exchange, request, response);
            case EXPORT_STATUS -> status(exchange, response);
            case EXPORT_CANCEL -> cancel(exchange, response);
            case EXPORT_FILE -> file(exchange, response);
            default ->
                throw new Refusal(Refusal.Reason.INVALID, "the path " + request.getRequestURI() + " is no export");
        }
    }

    private void begin(Exchange exchange, HttpServletRequest request, HttpServletResponse response) throws IOException {
        Collection<String> preferences = Collections.list(request.getHeaders("Prefer"));
        Preference async = Preference.of(preferences, ASYNC, "")
                .orElseThrow(() -> new Refusal(
                        Refusal.Reason.INVALID,
                        "an export takes longer than an answer may: it needs the header Prefer: " + ASYNC));
        Optional<Preference> handled = Preference.of(preferences, "handling", "strict", "lenient");
        Handling handling = handled.map(
                        preference -> Handling.valueOf(preference.value().toUpperCase(Locale.ROOT)))
                .orElse(present.get().search().handling());
        ServerConfiguration configuration = present.get();
        List<QueryParameter> parameters = new ArrayList<>(exchange.query());
        parameters.addAll(new ReadParameters(
                        configuration.limits().body(), configuration.limits().depth())
                .of(request));
        Export export = Export.begun(newId(), asked(exchange, parameters, handling, configuration));
        kept.begin(export, counted(exchange), configuration.export());
        begun.run();
        response.setStatus(HttpServletResponse.SC_ACCEPTED);
        response.setHeader("Content-Location", url(exchange, export.id()));
        response.setHeader(
                Preference.APPLIED,
                Stream.concat(Stream.of(async.name()), handled.stream().map(Preference::toString))
                        .collect(Collectors.joining(", ")));
    }

    /** Where nobody has to say who he is, those of a network have so many together. */
    private static String counted(Exchange exchange) {
        return exchange.consumer().isEmpty() ? "network " + exchange.asker().name() : exchange.consumer();
    }

    private String newId() {
        byte[] id = new byte[BYTES_OF_AN_ID];
        random.nextBytes(id);
        return HexFormat.of().formatHex(id);
    }

    private Asked asked(
            Exchange exchange, List<QueryParameter> parameters, Handling handling, ServerConfiguration configuration) {
        ExportSearch search = new ExportSearch(store, configuration.search());
        Caller caller = exchange.caller();
        KickOff kickOff = new ReadKickOff(
                        search.inForce().made().registry().types(),
                        search.seenTypes(caller),
                        configuration.fhir().zone(),
                        handling)
                .of(parameters);
        Instant asOf = store.settled(
                caller, UNTIL_SETTLED, Deadline.in(configuration.search().deadline()));
        Asked asked = new Asked(
                exchange.consumer(),
                !exchange.consumer().isEmpty(),
                request(exchange),
                exchange.base(),
                Instant.now(),
                asOf,
                asOf.plus(configuration.export().expiry()),
                kickOff.types(),
                kickOff.filters(),
                kickOff.since(),
                kickOff.elements(),
                exchange.grants().permissions().stream()
                        .map(Permission::toString)
                        .toList(),
                0,
                kickOff.warnings());
        Asked understood = understood(search, asked, exchange.readsAsDirectory(), handling, caller);
        return understood.meaning(search.meaning(understood, caller));
    }

    /** Of a request by POST without what was sent in it, as the specification wants it. */
    private static String request(Exchange exchange) {
        String query = exchange.request().getQueryString();
        return exchange.base() + "/" + Router.EXPORT + (query == null ? "" : "?" + query);
    }

    /** The searches as they take effect: what a lenient client has left out of them is not read again. */
    private static Asked understood(
            ExportSearch search, Asked asked, boolean asDirectory, Handling handling, Caller caller) {
        Map<String, List<String>> filters = new LinkedHashMap<>();
        List<String> warnings = new ArrayList<>(asked.warnings());
        asked.filters().forEach((type, queries) -> {
            List<String> read = new ArrayList<>();
            for (String query : queries) {
                SearchRequest request = read(search, asked, type, query, asDirectory, handling, caller);
                warnings.addAll(request.warnings());
                read.add(QueryParameter.encode(request.applied()));
            }
            filters.put(type, read);
        });
        return asked.filters(filters, warnings);
    }

    private static SearchRequest read(
            ExportSearch search,
            Asked asked,
            String type,
            String query,
            boolean asDirectory,
            Handling handling,
            Caller caller) {
        try {
            List<QueryParameter> parameters = QueryParameter.decode(query);
            parameters.forEach(ServeExports::requireAboutResources);
            return search.sent(
                    asked, type, asDirectory ? DirectoryDialect.inR4(parameters) : parameters, handling, caller);
        } catch (Refusal refused) {
            throw switch (refused.reason()) {
                case NOT_SUPPORTED, NOT_UNDERSTOOD, INVALID ->
                    new Refusal(
                            Refusal.Reason.INVALID,
                            "parameter \"" + ReadKickOff.TYPE_FILTER + "\": " + Refusal.shown(type + "?" + query) + ": "
                                    + refused.getMessage(),
                            "http." + ReadKickOff.TYPE_FILTER);
                default -> refused;
            };
        }
    }

    private static void requireAboutResources(QueryParameter parameter) {
        parameter.check();
        if (parameter.isAboutTheAnswer()) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    parameter.name() + " says how a search is answered, and nothing of which resources are meant");
        }
    }

    private void status(Exchange exchange, HttpServletResponse response) throws IOException {
        Export export = find(exchange);
        switch (export.state()) {
            case CUTTING -> {
                response.setStatus(HttpServletResponse.SC_ACCEPTED);
                response.setHeader("X-Progress", export.progress());
                response.setHeader("Retry-After", SECONDS_UNTIL_MORE);
            }
            case FAILED -> throw export.refusal();
            case COMPLETE -> {
                ExportSearch search = new ExportSearch(store, present.get().search());
                Caller then = search.caller(export.asked());
                search.requireSame(export.asked(), then);
                ExportSearch.requireAsMuch(search.types(export.asked(), then), then, exchange.caller());
                Utf8Buffer manifest =
                        WriteManifest.of(export, url(exchange, export.id()), uncounted(search, export, then));
                response.setContentType("application/json");
                response.setHeader("Expires", HTTP_DATE.format(export.asked().expires()));
                response.setContentLength(manifest.size());
                if (!isHead(exchange)) {
                    manifest.writeTo(response.getOutputStream());
                    exchange.wrote(manifest.size());
                }
            }
        }
    }

    /** Of which types there may be fewer by now than were counted. */
    private static Set<String> uncounted(ExportSearch search, Export export, Caller then) {
        Asked asked = export.asked();
        return export.files().stream()
                .map(ExportFile::type)
                .distinct()
                .filter(type -> !search.isExact(asked, search.of(asked, type, then), then)
                        || search.store().erasedSince(type, asked.asOf(), 0, Long.MAX_VALUE) > 0)
                .collect(Collectors.toSet());
    }

    private void cancel(Exchange exchange, HttpServletResponse response) {
        kept.drop(find(exchange).id());
        response.setStatus(HttpServletResponse.SC_ACCEPTED);
    }

    private void file(Exchange exchange, HttpServletResponse response) throws IOException {
        String name = exchange.route().version();
        Export export = kept.withFile(exchange.route().id(), name)
                .filter(each -> isOwn(exchange, each))
                .orElseThrow(() -> notThere(exchange.route().id()));
        if (export.state() == Export.State.FAILED) {
            throw export.refusal();
        }
        boolean isOfWarnings = name.equals(WriteManifest.WARNINGS)
                && !export.asked().warnings().isEmpty();
        Optional<ExportFile> file = export.file(name).filter(each -> export.state() == Export.State.COMPLETE);
        if (file.isEmpty() && !isOfWarnings) {
            throw new Refusal(
                    Refusal.Reason.NOT_FOUND,
                    "the export has no file \"" + Refusal.shown(name) + "\"; " + url(exchange, export.id())
                            + " says which it has, once it is complete");
        }
        ExportSearch search = new ExportSearch(store, present.get().search());
        Runnable requireAllowed = requireAllowed(search, export, exchange);
        requireAllowed.run();
        response.setContentType(NDJSON);
        response.setHeader("Expires", HTTP_DATE.format(export.asked().expires()));
        if (isHead(exchange)) {
            return;
        }
        if (file.isPresent()) {
            sendFile.run(search, export, file.get(), exchange, response, requireAllowed);
        } else {
            byte[] warnings = SendFile.warnings(export.asked());
            response.getOutputStream().write(warnings);
            exchange.wrote(warnings.length);
        }
    }

    /** Asked for each page: a download may take hours, in which rights are taken, and exports ended. */
    private Runnable requireAllowed(ExportSearch search, Export export, Exchange exchange) {
        Caller then = search.caller(export.asked());
        Set<String> types = search.types(export.asked(), then);
        return () -> {
            ExportSearch.requireAsMuch(types, then, exchange.caller());
            if (!kept.has(export.id())) {
                throw notThere(export.id());
            }
        };
    }

    private Export find(Exchange exchange) {
        return kept.find(exchange.route().id())
                .filter(each -> isOwn(exchange, each))
                .orElseThrow(() -> notThere(exchange.route().id()));
    }

    /** To others than who asked for it, and administrators, it is not there. */
    private static boolean isOwn(Exchange exchange, Export export) {
        return export.asked().who().equals(exchange.consumer())
                || exchange.administrator().isAtLeast(AdministratorRole.ADMINISTRATOR);
    }

    private static Refusal notThere(String id) {
        return new Refusal(
                Refusal.Reason.NOT_FOUND,
                "there is no export \"" + Refusal.shown(id) + "\": it never was, it expired, or it was ended");
    }

    private static boolean isHead(Exchange exchange) {
        return exchange.request().getMethod().equals("HEAD");
    }

    private static String url(Exchange exchange, String id) {
        return exchange.base() + "/" + Router.EXPORT + "/" + id;
    }
}
