package miroir.server.export;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.index.search.DirectoryDialect;
import miroir.index.search.Handling;
import miroir.index.search.QueryParameter;
import miroir.index.search.SearchRequest;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.server.access.Permission;
import miroir.server.configuration.PresentConfiguration;
import miroir.server.configuration.ServerConfiguration;
import miroir.server.format.Preference;
import miroir.server.pipeline.Exchange;
import miroir.server.routing.Router;
import miroir.storage.MongoResourceStore;

/**
 * Answers who asks for an export: reads what is asked, takes an instant that is settled, and writes both down with what whoever asks may see. The rest is others' work.
 */
final class BeginExport {
    private static final String ASYNC = "respond-async";
    private static final Duration UNTIL_SETTLED = Duration.ofSeconds(2);
    private static final int BYTES_OF_AN_ID = 16;

    private final MongoResourceStore store;
    private final KeptExports kept;
    private final PresentConfiguration present;
    private final Runnable begun;
    private final SecureRandom random = new SecureRandom();

    /**
     * Those of a store.
     *
     * @param begun called whenever there is one to be cut
     */
    BeginExport(MongoResourceStore store, KeptExports kept, PresentConfiguration present, Runnable begun) {
        this.store = store;
        this.kept = kept;
        this.present = present;
        this.begun = begun;
    }

    /** Answers with the address of the export. */
    void run(Exchange exchange, HttpServletRequest request, HttpServletResponse response) throws IOException {
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
        response.setHeader("Content-Location", ServeExports.url(exchange, export.id()));
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
                ReadKickOff.requireFew(warnings);
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
            parameters.forEach(BeginExport::requireAboutResources);
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
}
