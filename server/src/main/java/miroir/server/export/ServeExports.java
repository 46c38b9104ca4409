package miroir.server.export;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import miroir.index.Refusal;
import miroir.index.json.Utf8Buffer;
import miroir.index.store.Caller;
import miroir.server.access.AdministratorRole;
import miroir.server.configuration.PresentConfiguration;
import miroir.server.pipeline.Exchange;
import miroir.server.pipeline.SeenThen;
import miroir.server.routing.Router;
import miroir.storage.MongoResourceStore;

/** {@code [base]/$export}, and below it exports and their files. */
final class ServeExports extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final String NDJSON = "application/fhir+ndjson";

    private static final long LOOKED_FOR_EVERY = Duration.ofMillis(500).toNanos();

    /** How long a client waits before it asks again how far an export is. */
    private static final String SECONDS_UNTIL_MORE = "1";

    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private final transient MongoResourceStore store;
    private final transient KeptExports kept;
    private final transient PresentConfiguration present;
    private final transient BeginExport beginExport;
    private final transient SendFile sendFile;

    /** Those of a store. */
    ServeExports(
            MongoResourceStore store,
            KeptExports kept,
            PresentConfiguration present,
            BeginExport beginExport,
            SendFile sendFile) {
        this.store = store;
        this.kept = kept;
        this.present = present;
        this.beginExport = beginExport;
        this.sendFile = sendFile;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Exchange exchange = Exchange.of(request);
        switch (exchange.route().interaction()) {
            case EXPORT -> beginExport.run(exchange, request, response);
            case EXPORT_STATUS -> status(exchange, response);
            case EXPORT_CANCEL -> cancel(exchange, response);
            case EXPORT_FILE -> file(exchange, response);
            default ->
                throw new Refusal(Refusal.Reason.INVALID, "the path " + request.getRequestURI() + " is no export");
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
                seenThen(search, export, then).requireAsMuch(exchange.caller());
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
        response.setContentType(NDJSON);
        response.setHeader("Expires", HTTP_DATE.format(export.asked().expires()));
        if (file.isPresent() && !isHead(exchange)) {
            sendFile.run(search, export, file.get(), exchange, response, requireAllowed);
            return;
        }
        requireAllowed.run();
        if (!isHead(exchange)) {
            byte[] warnings = SendFile.warnings(export.asked());
            response.getOutputStream().write(warnings);
            exchange.wrote(warnings.length);
        }
    }

    /** Asked for each page: a download may take hours, in which rights are taken, and exports ended. */
    private Runnable requireAllowed(ExportSearch search, Export export, Exchange exchange) {
        SeenThen seen = seenThen(search, export, search.caller(export.asked()));
        LookedFor there = new LookedFor(() -> kept.has(export.id()));
        return () -> {
            seen.requireAsMuch(exchange.caller());
            if (!there.isThere()) {
                throw notThere(export.id());
            }
        };
    }

    /** What was there half a second ago is there: there are twenty pages and more in a second, and the database has better to do. */
    private static final class LookedFor {
        private final BooleanSupplier look;
        private boolean isThere;
        private long at;

        LookedFor(BooleanSupplier look) {
            this.look = look;
        }

        boolean isThere() {
            if (!isThere || System.nanoTime() - at > LOOKED_FOR_EVERY) {
                isThere = look.getAsBoolean();
                at = System.nanoTime();
            }
            return isThere;
        }
    }

    private static SeenThen seenThen(ExportSearch search, Export export, Caller then) {
        return new SeenThen(search.types(export.asked(), then), then, "the export was asked for");
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

    static String url(Exchange exchange, String id) {
        return exchange.base() + "/" + Router.EXPORT + "/" + id;
    }
}
