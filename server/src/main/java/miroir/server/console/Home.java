package miroir.server.console;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import miroir.index.store.ResourceStore;
import miroir.server.access.AdministratorRole;
import miroir.server.console.HomeView.Example;
import miroir.server.pipeline.Exchange;
import miroir.server.routing.Router;
import miroir.storage.sync.Register;
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

    private final transient Pages pages;
    private final transient Set<String> types;
    private final transient ReadHome read;
    private final transient ConsoleEvents events;

    /**
     * Of a tenant.
     *
     * @param types that are served
     * @param register of synchronisations; null: there is none
     */
    public Home(Pages pages, ResourceStore store, Set<String> types, @Nullable Register register, InstantSource clock) {
        this.pages = pages;
        this.types = new TreeSet<>(types);
        this.read = new ReadHome(store, types, register, clock);
        Fragments now = new Fragments().with("home", AdministratorRole.NOBODY, read::state, "homeNow", "state");
        this.events = new ConsoleEvents(pages, now, new EventStreams(now, EventStreams.MOST_OF_ALL));
    }

    /** What changes of it, for browsers that listen. */
    public ConsoleEvents events() {
        return events;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!request.getRequestURI().equals("/")) {
            throw Router.noPage(request.getRequestURI());
        }
        Exchange exchange = Exchange.of(request);
        View view = pages.view(exchange);
        HomeView page = new HomeView(view, read.state(), exchange.base(), examples(), pages.hasReports());
        pages.send(view, "home", page, 200, response);
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
