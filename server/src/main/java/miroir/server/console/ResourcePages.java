package miroir.server.console;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import miroir.index.Refusal;
import miroir.index.SearchParameterRegistry;
import miroir.index.search.QueryParameter;
import miroir.index.store.ResourceKey;
import miroir.server.failure.Failures;
import miroir.server.fhir.AskFhir;
import miroir.server.fhir.FhirParts;
import miroir.server.routing.ConsolePaths;
import miroir.server.routing.Router;
import miroir.storage.sync.Register;
import org.jspecify.annotations.Nullable;

/** {@code /admin/resources} and what is below it: what is kept, found as programs find it and shown as people read it. */
public final class ResourcePages {
    static final String PATH = ConsolePaths.CONSOLE + "/resources";

    private static final String HISTORY = "history";

    /** Of a resource; what begins with another sign is an operation. */
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9.-]{1,64}");

    private final Pages pages;
    private final Set<String> types;
    private final ListTypes list;
    private final SearchType search;
    private final ReadResource read;
    private final ReadVersions versions;

    private ResourcePages(
            Pages pages,
            Set<String> types,
            ListTypes list,
            SearchType search,
            ReadResource read,
            ReadVersions versions) {
        this.pages = pages;
        this.types = types;
        this.list = list;
        this.search = search;
        this.read = read;
        this.versions = versions;
    }

    /**
     * Of a tenant.
     *
     * @param register of synchronisations; null: there is none
     */
    public static ResourcePages of(Pages pages, FhirParts parts, AskFhir ask, @Nullable Register register) {
        Set<String> types = new TreeSet<>(parts.types());
        Supplier<SearchParameterRegistry> registry =
                () -> parts.search().inForce().made().registry();
        MeasuredTypes sizes = new MeasuredTypes(parts.store(), types);
        return new ResourcePages(
                pages,
                types,
                new ListTypes(parts.store(), types, sizes, register),
                new SearchType(ask, registry),
                new ReadResource(ask, registry, sizes),
                new ReadVersions(ask));
    }

    /** The page of a resource. */
    static String path(ResourceKey key) {
        return PATH + "/" + key;
    }

    /** Whether a path of the console leads here. */
    static boolean contains(String path) {
        return path.equals(PATH) || path.startsWith(PATH + "/");
    }

    /** What is kept, by type. */
    TypeList types() {
        return list.run();
    }

    /** Shows the page at that path. */
    void show(View view, String path, List<QueryParameter> query, int status, HttpServletResponse response)
            throws IOException {
        List<String> parts = path.equals(PATH)
                ? List.of()
                : List.of(path.substring(PATH.length() + 1).split("/", -1));
        if (parts.contains("")) {
            throw Router.noPage(path);
        }
        if (parts.isEmpty()) {
            pages.send(view, "types", new TypesPage(view, list.run()), status, response);
            return;
        }
        requireServed(parts.get(0));
        if (parts.size() == 1) {
            TypePage page = search.run(view, parts.get(0), query);
            page.headers().forEach(response::setHeader);
            pages.send(view, "type", page, page.status() == 200 ? status : page.status(), response);
            return;
        }
        showResource(view, path, parts, query, status, response);
    }

    private void requireServed(String type) {
        if (!types.contains(type)) {
            throw new Refusal(
                    Refusal.Reason.NOT_FOUND,
                    "the type \"" + Refusal.shown(type) + "\" is not served here; served: "
                            + Refusal.shown(String.join(", ", types)));
        }
    }

    private void showResource(
            View view,
            String path,
            List<String> parts,
            List<QueryParameter> query,
            int status,
            HttpServletResponse response)
            throws IOException {
        boolean isNone = parts.size() > 4 || (parts.size() > 2 && !parts.get(2).equals(HISTORY));
        if (isNone || !ID.matcher(parts.get(1)).matches()) {
            throw Router.noPage(path);
        }
        ResourceKey key = new ResourceKey(parts.get(0), parts.get(1));
        try {
            if (parts.size() == 3) {
                VersionsPage page = versions.run(view, key, ConsolePages.value(query, AskFhir.PAGE));
                pages.send(view, "versions", page, status, response);
            } else {
                showVersion(view, key, parts.size() == 2 ? "" : parts.get(3), status, response);
            }
        } catch (Refusal refused) {
            boolean isDeleted = refused.reason() == Refusal.Reason.DELETED;
            if (!isDeleted && refused.reason() != Refusal.Reason.NOT_FOUND) {
                throw refused;
            }
            int missing = Failures.of(refused, view.exchange().requestId()).status();
            showMissing(view, key, isDeleted, refused.getMessage(), null, missing, response);
        }
    }

    private void showVersion(View view, ResourceKey key, String version, int status, HttpServletResponse response)
            throws IOException {
        ReadResource.Found found = read.run(view, key, version);
        if (found instanceof ReadResource.Here here) {
            pages.send(view, "resource", here.page(), status, response);
        } else if (found instanceof ReadResource.Elsewhere elsewhere) {
            showMissing(view, key, true, elsewhere.sentence(), elsewhere.path(), HttpServletResponse.SC_GONE, response);
        }
    }

    private void showMissing(
            View view,
            ResourceKey key,
            boolean isDeleted,
            @Nullable String sentence,
            @Nullable String successor,
            int status,
            HttpServletResponse response)
            throws IOException {
        MissingPage page = new MissingPage(view, key, isDeleted, String.valueOf(sentence), successor);
        pages.send(view, "missing", page, status, response);
    }
}
