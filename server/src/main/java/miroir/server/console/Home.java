package miroir.server.console;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.index.store.Copied;
import miroir.index.store.Readiness;
import miroir.index.store.ResourceStore;
import miroir.server.console.HomeView.Example;
import miroir.server.console.HomeView.TypeRow;
import miroir.server.pipeline.Exchange;
import miroir.server.routing.Router;
import miroir.storage.sync.Register;
import miroir.storage.sync.Synchronisation;
import org.jspecify.annotations.Nullable;

/** {@code /}: whether it works, how old its copies are, and how it is asked. */
public final class Home extends HttpServlet {
    private static final long serialVersionUID = 1L;

    /** Those that show best what there is; of the types that are served, at most so many. */
    private static final List<Example> DIRECTORY = List.of(
            new Example("Practitioner?family=dupont&_count=5", "try.family"),
            new Example("Organization?name:contains=pharmacie&address-city=lyon&_count=5", "try.pharmacies"),
            new Example("Practitioner?qualification-code:text=cardiologue&_display=true&_count=5", "try.specialty"),
            new Example(
                    "PractitionerRole?organization.name:contains=pharmacie&_include=PractitionerRole:practitioner&_count=5",
                    "try.roles"),
            new Example("$directory-search?name=martin&city=lyon&fuzzy=true", "try.people"));

    private static final int MOST_TYPES = 30;

    private final transient Pages pages;
    private final transient ResourceStore store;
    private final transient Set<String> types;
    private final transient @Nullable Register register;
    private final transient KnownSizes sizes;
    private final transient Remembered<Set<String>> late;
    private final transient InstantSource clock;

    /**
     * Of a tenant.
     *
     * @param types that are served
     * @param register of synchronisations; null: there is none
     */
    public Home(Pages pages, ResourceStore store, Set<String> types, @Nullable Register register, InstantSource clock) {
        this.pages = pages;
        this.store = store;
        this.types = new TreeSet<>(types);
        this.register = register;
        this.sizes = new KnownSizes(store);
        this.late = new Remembered<>(this::late, Set.of());
        this.clock = clock;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!request.getRequestURI().equals("/")) {
            throw Router.noPage(request.getRequestURI());
        }
        Exchange exchange = Exchange.of(request);
        View view = pages.view(exchange);
        Readiness readiness = store.readiness();
        HomeView page = new HomeView(
                view,
                readiness.ready() ? Badge.UP : Badge.STARTING,
                readiness.ready() ? null : readiness.detail(),
                readiness.ready() ? rows(view) : List.of(),
                exchange.base(),
                examples(),
                pages.hasReports());
        pages.send(view, "home", page, 200, response);
    }

    /** How old a copy is everybody reads; how much there is of a type, and of which others there is something, whoever may search all of it. */
    private List<TypeRow> rows(View view) {
        Map<String, Copied> copies = store.copies();
        Set<String> isLate = late.get();
        List<TypeRow> rows = new ArrayList<>();
        Set<String> shown = new TreeSet<>(copies.keySet());
        shown.retainAll(types);
        types.stream().limit(MOST_TYPES).forEach(shown::add);
        for (String type : shown) {
            Copied copied = copies.get(type);
            if (view.exchange().caller().seen().of(type).isAll()) {
                row(view, type, copied, isLate).ifPresent(rows::add);
            } else if (copied != null) {
                rows.add(row(view, type, -1, false, copied, isLate));
            }
        }
        return rows;
    }

    /** Of many types only those that there is something of. */
    private Optional<TypeRow> row(View view, String type, @Nullable Copied copied, Set<String> isLate) {
        long count = sizes.count(type);
        return count == 0 && copied == null && types.size() > MOST_TYPES
                ? Optional.empty()
                : Optional.of(row(view, type, count, true, copied, isLate));
    }

    /** @param count negative: it is not said */
    private static TypeRow row(
            View view, String type, long count, boolean isSearched, @Nullable Copied copied, Set<String> isLate) {
        String key = "type." + type;
        return new TypeRow(
                type,
                view.has(key) ? view.say(key) : type,
                count < 0 ? "" : view.number(count),
                copied == null ? "" : view.when(copied.asOf()),
                isSearched,
                copied == null ? null : badge(copied.asOf(), isLate.contains(type)));
    }

    private static Badge badge(@Nullable Instant asOf, boolean isLate) {
        if (asOf == null) {
            return Badge.NEVER;
        }
        return isLate ? Badge.LATE : Badge.FRESH;
    }

    /** The types of which a copy is late, or in failure. */
    private Set<String> late() {
        Set<String> found = new TreeSet<>();
        Register known = register;
        if (known != null) {
            try {
                Instant now = clock.instant();
                known.all().stream()
                        .filter(each -> each.isOverdue(now) || each.state() == Synchronisation.State.KO)
                        .map(each -> each.definition().type())
                        .forEach(found::add);
            } catch (Refusal away) {
                // That the database is away is said above.
                return found;
            }
        }
        return found;
    }

    private List<Example> examples() {
        if (types.containsAll(Router.DIRECTORY)) {
            return DIRECTORY;
        }
        return Stream.concat(
                        types.stream().limit(4).map(type -> new Example(type + "?_count=5", "try.some")),
                        Stream.of(new Example("metadata", "try.metadata")))
                .toList();
    }
}
