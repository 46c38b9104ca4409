package miroir.server.console;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import miroir.index.Refusal;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import miroir.index.search.Modifiers;
import miroir.server.console.ParameterTypesPage.TypeRow;
import miroir.server.console.ParameterTypesPage.Way;
import miroir.server.fhir.PresentSearch;
import miroir.server.pipeline.Exchange;
import miroir.server.routing.Router;

/** {@code /parameters} and {@code /parameters/[type]}: what can be searched by, with an example of each that runs; for whoever may read {@code /fhir/metadata}. */
public final class SearchParameterPages extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient Pages pages;
    private final transient PresentSearch search;

    public SearchParameterPages(Pages pages, PresentSearch search) {
        this.pages = pages;
        this.search = search;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Exchange exchange = Exchange.of(request);
        View view = pages.view(exchange);
        SearchParameterRegistry registry = search.inForce().made().registry();
        String path = request.getRequestURI();
        if (path.equals(Router.PARAMETERS)) {
            pages.send(view, "parameterTypes", page(view, registry), 200, response);
            return;
        }
        String type = path.substring(Router.PARAMETERS.length() + 1);
        if (!registry.types().contains(type)) {
            throw new Refusal(
                    Refusal.Reason.NOT_FOUND,
                    "the type \"" + Refusal.shown(type) + "\" is not served here; served: "
                            + Refusal.shown(String.join(", ", registry.types())));
        }
        pages.send(view, "parameters", new ParametersPage(view, type, rows(view, registry, type)), 200, response);
    }

    private static ParameterTypesPage page(View view, SearchParameterRegistry registry) {
        return new ParameterTypesPage(view, types(view, registry), Way.of(registry.types(), Router.DIRECTORY));
    }

    private static List<TypeRow> types(View view, SearchParameterRegistry registry) {
        return registry.types().stream()
                .sorted()
                .map(type -> new TypeRow(
                        type,
                        ListTypes.label(view, type),
                        searchable(registry, type).size()))
                .toList();
    }

    private static List<SearchParameter> searchable(SearchParameterRegistry registry, String type) {
        return registry.of(type).stream()
                .filter(Modifiers::searchable)
                .sorted(Comparator.comparing(SearchParameter::code))
                .toList();
    }

    private static List<ParameterRow> rows(View view, SearchParameterRegistry registry, String type) {
        ParameterExamples examples = new ParameterExamples(registry.types());
        return searchable(registry, type).stream()
                .map(each -> ParameterRow.of(view.language(), each, examples))
                .toList();
    }
}
