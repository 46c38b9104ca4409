package miroir.server.console;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import miroir.index.Refusal;
import miroir.index.SearchParameter;
import miroir.index.SearchParameterRegistry;
import miroir.index.search.QueryParameter;
import miroir.index.store.ResourceVersion;
import miroir.server.console.TypePage.Choice;
import miroir.server.console.TypePage.Results;
import miroir.server.failure.Failure;
import miroir.server.failure.Failures;
import miroir.server.fhir.AskFhir;
import miroir.server.fhir.Told;
import miroir.server.pages.Language;
import org.jspecify.annotations.Nullable;

/** A search of a type as people do it: criterion by criterion, or as it stands in a URL. */
final class SearchType {
    private static final String ASKED = "q";
    private static final String PARAMETER = "parameter";
    private static final String VALUE = "value";
    private static final int LONGEST_DESCRIPTION = 110;

    private final AskFhir ask;
    private final Supplier<SearchParameterRegistry> registry;

    SearchType(AskFhir ask, Supplier<SearchParameterRegistry> registry) {
        this.ask = ask;
        this.registry = registry;
    }

    /** The page of such a search. */
    static String path(String type, String criteria) {
        return ResourcePages.PATH + "/" + type + "?"
                + QueryParameter.encode(List.of(new QueryParameter(ASKED, criteria)));
    }

    TypePage run(View view, String type, List<QueryParameter> query) {
        String parameter = ConsolePages.value(query, PARAMETER);
        String value = ConsolePages.value(query, VALUE);
        String token = ConsolePages.value(query, AskFhir.PAGE);
        String asked = criteria(type, ConsolePages.value(query, ASKED), parameter, value);
        String url = url(type, asked, token);
        try {
            Results results = ask.get(view.exchange(), url, told -> results(view, type, asked, (Told.Page) told));
            return page(view, 200, Map.of(), type, asked, url, null, results);
        } catch (Refusal refused) {
            Failure failure = Failures.of(refused, view.exchange().requestId());
            if (failure.status() == 401) {
                throw refused;
            }
            return page(view, failure.status(), failure.headers(), type, asked, url, refused.getMessage(), null);
        }
    }

    /** What is typed beside a parameter is one more criterion. */
    private static String criteria(String type, String asked, String parameter, String value) {
        String plain = asked.strip();
        for (String start : List.of(type + "?", "?")) {
            plain = plain.startsWith(start) ? plain.substring(start.length()) : plain;
        }
        if (parameter.isEmpty() || value.isBlank()) {
            return plain;
        }
        String more = QueryParameter.encode(List.of(new QueryParameter(parameter, value.strip())));
        return plain.isEmpty() ? more : plain + "&" + more;
    }

    private static String url(String type, String asked, String token) {
        if (!token.isEmpty()) {
            return type + "?" + QueryParameter.encode(List.of(new QueryParameter(AskFhir.PAGE, token)));
        }
        return asked.isEmpty() ? type : type + "?" + asked;
    }

    private TypePage page(
            View view,
            int status,
            Map<String, String> headers,
            String type,
            String asked,
            String url,
            @Nullable String refusal,
            @Nullable Results results) {
        return new TypePage(
                view,
                status,
                headers,
                type,
                ListTypes.label(view, type),
                choices(view.language(), type),
                asked,
                view.exchange().base() + "/" + url,
                refusal,
                results);
    }

    private List<Choice> choices(Language language, String type) {
        return registry.get().of(type).stream()
                .sorted(Comparator.comparing(SearchParameter::code))
                .map(each -> new Choice(each.code(), description(language, each)))
                .toList();
    }

    private static String description(Language language, SearchParameter parameter) {
        String text = ParameterRow.description(language, parameter).text();
        return text.length() <= LONGEST_DESCRIPTION ? text : text.substring(0, LONGEST_DESCRIPTION) + "…";
    }

    private static Results results(View view, String type, String asked, Told.Page page) {
        ElementText texts = ElementText.in(view);
        List<ResourceSummary> rows = new ArrayList<>();
        page.versions().forEach(each -> rows.add(ResourceSummary.of(view, texts, (ResourceVersion.Live) each, false)));
        page.included().forEach(each -> rows.add(ResourceSummary.of(view, texts, each, true)));
        Long total = page.total();
        return new Results(
                rows,
                page.remarks(),
                total == null ? "" : view.number(total),
                view.number(page.took().toMillis()),
                linked(view, type, asked, page.previous()),
                linked(view, type, asked, page.next()));
    }

    private static @Nullable String linked(View view, String type, String asked, @Nullable String token) {
        return token == null
                ? null
                : view.url(ResourcePages.PATH + "/" + type + "?"
                        + QueryParameter.encode(
                                List.of(new QueryParameter(ASKED, asked), new QueryParameter(AskFhir.PAGE, token))));
    }
}
