package miroir.server.routing;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.index.store.ResourceKey;
import org.jspecify.annotations.Nullable;

/**
 * From method and path to interaction. HAPI routes as well, by looking for a provider method that fits, and answers 400
 * with one text for everything that does not; deciding first gives every mistake its own status and sentence.
 */
public final class Router {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9\\-.]{1,64}");
    /** The types of whose resources R4 defines compartments. */
    private static final Set<String> COMPARTMENTS =
            new TreeSet<>(Set.of("Device", "Encounter", "Patient", "Practitioner", "RelatedPerson"));

    /** The types of whose resources {@code $everything} is asked. */
    public static final Set<String> EVERYTHING = Set.of("Organization", "Patient", "Practitioner");

    /** The operations on codes, by the types that have them. */
    private static final Map<String, Interaction> TERMINOLOGY = Map.of(
            "CodeSystem/$lookup", Interaction.LOOKUP,
            "CodeSystem/$validate-code", Interaction.VALIDATE_CODE,
            "ValueSet/$validate-code", Interaction.VALIDATE_CODE,
            "ValueSet/$expand", Interaction.EXPAND);
    /** The types that {@code $directory-search} is about; it is offered where all of them are served. */
    public static final Set<String> DIRECTORY = Set.of("Organization", "Practitioner", "PractitionerRole");

    /** The operation by which data is exported in bulk; below it are exports, and below these their files. */
    public static final String EXPORT = "$export";

    /** Below this path are the views of SQL on FHIR, which are no type of R4. */
    static final String VIEWS = "ViewDefinition";

    private static final Set<String> RUN = Set.of("$run", "$viewdefinition-run");

    /** Where SMART App Launch has clients look, below the FHIR base. */
    public static final String SMART = ".well-known/smart-configuration";

    /** The page with the form by which the first administrator is made. */
    public static final String FORM = "/admin/setup";

    /** Below this path is what is told of the directory as a whole. */
    public static final String REPORTS = "/reports";

    /** The page on which people look for people. */
    public static final String PEOPLE = "/people";

    /** Below this path is what can be searched by. */
    public static final String PARAMETERS = "/parameters";

    private static final String CHANGES = REPORTS + "/changes";

    private static final List<String> METHODS = List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");
    private static final Set<String> KNOWN_METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT");

    private final Set<String> served;
    private final Set<String> known;

    /**
     * @param served the types that this server keeps
     * @param known all types of FHIR R4
     */
    public Router(Set<String> served, Set<String> known) {
        this.served = served;
        this.known = known;
    }

    /** What is told of a page that is not there. */
    public static Refusal noPage(String path) {
        return new Refusal(
                Refusal.Reason.NOT_FOUND,
                "nothing is at \"" + Refusal.shown(path)
                        + "\"; there are /, /fhir, /admin, /people, /parameters, /reports/quality, /health/live, /health/ready and /metrics");
    }

    /** Whether a page tells what can be searched by, as the capabilities do. */
    public static boolean isOfParameters(String path) {
        return path.equals(PARAMETERS) || path.startsWith(PARAMETERS + "/");
    }

    /** One of our own pages. */
    public static Route page(String method, String path) {
        if (!method.equals("GET") && !method.equals("HEAD")) {
            throw new MethodRefused(method, "a page", List.of("GET", "HEAD"));
        }
        if (ConsolePaths.contains(path)) {
            return new Route(Interaction.CONSOLE, "", "");
        }
        if (path.equals(PEOPLE)) {
            return new Route(Interaction.PEOPLE, "", "");
        }
        if (path.startsWith(CHANGES)) {
            return new Route(Interaction.REPORT_OF_CHANGES, "", "");
        }
        return new Route(
                path.equals(REPORTS) || path.startsWith(REPORTS + "/") ? Interaction.REPORT : Interaction.PAGE, "", "");
    }

    /**
     * The interaction that is asked for.
     *
     * @param path behind the FHIR base, percent-decoded, without the first slash
     * @param hasQuery whether there are parameters, which make some interactions conditional
     */
    public Route route(String method, String path, boolean hasQuery) {
        if (!KNOWN_METHODS.contains(method)) {
            throw new Refusal(
                    Refusal.Reason.NOT_SUPPORTED, "the method " + Refusal.shown(method) + " is not one of FHIR's");
        }
        if (method.equals("OPTIONS")) {
            allowed(path, hasQuery);
            return new Route(Interaction.OPTIONS, "", "");
        }
        PathRoute asked = new PathRoute(method, path, hasQuery);
        Route found = asked.find();
        if (found == null) {
            throw new MethodRefused(asked.method, asked.what, allowed(path, hasQuery));
        }
        return found;
    }

    /** The methods that do something on this path, as {@code Allow} names them; what is not offered is not among them. */
    public List<String> allowed(String path, boolean hasQuery) {
        return Stream.concat(METHODS.stream().filter(method -> isOffered(method, path, hasQuery)), Stream.of("OPTIONS"))
                .toList();
    }

    private boolean isOffered(String method, String path, boolean hasQuery) {
        Route found = new PathRoute(method, path, hasQuery).find();
        return found != null && found.interaction().isOffered();
    }

    private final class PathRoute {
        private final String method;
        private final String path;
        private final List<String> parts;
        private final boolean hasQuery;
        private final boolean isHead;
        /** What the path names, for people. */
        private String what = "an operation";

        /** A slash at the end of a path is no part of it. */
        PathRoute(String method, String asked, boolean hasQuery) {
            String path =
                    asked.endsWith("/") && !asked.startsWith(SMART) ? asked.substring(0, asked.length() - 1) : asked;
            // Whose headers are those of GET, the length of a refusal among them.
            this.isHead = method.equals("HEAD");
            this.method = isHead ? "GET" : method;
            this.path = path;
            this.parts = Arrays.asList(path.split("/", -1));
            this.hasQuery = hasQuery;
        }

        /** Null where the path exists and the method does not work on it. */
        @Nullable
        Route find() {
            if (path.equals(SMART)) {
                return at("the SMART configuration", get(new Route(Interaction.SMART_CONFIGURATION, "", "")));
            }
            if (parts.get(0).equals(EXPORT) && parts.size() <= 3) {
                return ofExport();
            }
            if (parts.get(0).equals(VIEWS) || path.equals("$viewdefinition-run")) {
                return ofViews();
            }
            if (parts.size() == 3 && parts.get(2).equals("$erase")) {
                return at("an erasure", post(new Route(Interaction.ERASE, type(), id())));
            }
            if (parts.size() == 3 && parts.get(2).equals("$everything") && EVERYTHING.contains(parts.get(0))) {
                return at("everything of a resource", getOrPost(new Route(Interaction.EVERYTHING, type(), id())));
            }
            if (path.equals("$directory-search") && served.containsAll(DIRECTORY)) {
                return at("a search of the directory", getOrPost(new Route(Interaction.DIRECTORY_SEARCH, "", "")));
            }
            if (parts.get(parts.size() - 1).equals("$meta")) {
                return at("a meta", getOrPost(meta()));
            }
            if (parts.size() == 3 && parts.get(2).equals("$meta-add")) {
                return at("an addition to a meta", post(new Route(Interaction.META_ADD, type(), id())));
            }
            if (parts.size() == 3 && parts.get(2).equals("$meta-delete")) {
                return at("a removal from a meta", post(new Route(Interaction.META_DELETE, type(), id())));
            }
            if (parts.size() == 2 && parts.get(1).equals("$validate")) {
                return at("a validation", post(new Route(Interaction.VALIDATE, type(), "")));
            }
            if (parts.size() == 3 && parts.get(2).equals("$validate")) {
                return at("a validation of what is stored", getOrPost(new Route(Interaction.VALIDATE, type(), id())));
            }
            if (parts.size() == 2 && parts.get(1).equals("$by-identifier")) {
                return at("an identifier", get(new Route(Interaction.BY_IDENTIFIER, type(), "")));
            }
            if (parts.size() == 3 && parts.get(2).equals("$seen")) {
                return at("when a resource was seen", get(new Route(Interaction.SEEN, type(), id())));
            }
            Interaction ofCodes = TERMINOLOGY.get(parts.get(0) + "/" + parts.get(parts.size() - 1));
            if (ofCodes != null && parts.size() == 2) {
                return at("an operation on codes", getOrPost(new Route(ofCodes, type(), "")));
            }
            if (ofCodes != null && parts.size() == 3 && ofCodes != Interaction.LOOKUP) {
                return at("an operation on codes", getOrPost(new Route(ofCodes, type(), id())));
            }
            if (parts.stream().anyMatch(part -> part.startsWith("$"))) {
                return new Route(Interaction.OPERATION, served.contains(parts.get(0)) ? parts.get(0) : "", "");
            }
            return switch (parts.size()) {
                case 1 -> ofSystem(parts.get(0));
                case 2 -> ofTypeOrInstance(type(), parts.get(1));
                case 3 -> ofInstance(type(), id(), parts.get(2));
                case 4 -> ofVersion(type(), id());
                default -> throw unknownPath();
            };
        }

        /** HEAD begins nothing. */
        private @Nullable Route ofExport() {
            if (parts.size() == 1) {
                return at("an export", isHead ? null : getOrPost(new Route(Interaction.EXPORT, "", "")));
            }
            if (parts.size() == 3) {
                return at("a file of an export", get(new Route(Interaction.EXPORT_FILE, "", id(), file())));
            }
            Interaction interaction = switch (method) {
                case "GET" -> Interaction.EXPORT_STATUS;
                case "DELETE" -> Interaction.EXPORT_CANCEL;
                default -> null;
            };
            return at("an export", interaction == null ? null : new Route(interaction, "", id()));
        }

        private String file() {
            return id("the name of a file", parts.get(2));
        }

        private @Nullable Route ofViews() {
            boolean isRun = RUN.contains(parts.get(parts.size() - 1));
            return switch (parts.size()) {
                case 1 -> isRun ? run("") : at("the views", get(new Route(Interaction.LIST_VIEWS, "", "")));
                case 2 -> isRun ? run("") : at("a view", get(new Route(Interaction.READ_VIEW, "", id())));
                case 3 -> {
                    if (!isRun) {
                        throw unknownPath();
                    }
                    yield run(id());
                }
                default -> throw unknownPath();
            };
        }

        private @Nullable Route run(String id) {
            return at("a run of a view", getOrPost(new Route(Interaction.RUN_VIEW, "", id)));
        }

        private Route meta() {
            boolean ofVersion = parts.size() == 5 && parts.get(2).equals("_history");
            if (parts.size() > 3 && !ofVersion) {
                throw unknownPath();
            }
            return new Route(
                    Interaction.META,
                    parts.size() > 1 ? type() : "",
                    parts.size() > 2 ? id() : "",
                    ofVersion ? version() : "");
        }

        private @Nullable Route ofSystem(String first) {
            return switch (first) {
                case "" ->
                    at(
                            "the base",
                            method.equals("POST")
                                    ? new Route(Interaction.BATCH, "", "")
                                    : get(new Route(Interaction.SEARCH_SYSTEM, "", "")));
                case "metadata" -> at("metadata", get(new Route(Interaction.CAPABILITIES, "", "")));
                case "_history" -> at("_history", get(new Route(Interaction.HISTORY_SYSTEM, "", "")));
                case "_search" -> at("_search", post(new Route(Interaction.SEARCH_SYSTEM, "", "")));
                default -> ofType(type());
            };
        }

        private @Nullable Route ofType(String type) {
            Interaction conditional = switch (method) {
                case "PUT" -> Interaction.CONDITIONAL_UPDATE;
                case "PATCH" -> Interaction.CONDITIONAL_PATCH;
                case "DELETE" -> Interaction.CONDITIONAL_DELETE;
                default -> null;
            };
            if (conditional != null && hasQuery) {
                return new Route(conditional, type, "");
            }
            return at(
                    "a type (an update or a deletion names the id as well, or criteria: " + type + "/[id], " + type
                            + "?[parameter]=[value])",
                    method.equals("POST")
                            ? new Route(Interaction.CREATE, type, "")
                            : get(new Route(Interaction.SEARCH_TYPE, type, "")));
        }

        private @Nullable Route ofTypeOrInstance(String type, String second) {
            return switch (second) {
                case "" -> ofType(type);
                case "_search" -> at("_search", post(new Route(Interaction.SEARCH_TYPE, type, "")));
                case "_history" -> at("_history", get(new Route(Interaction.HISTORY_TYPE, type, "")));
                default -> instance(type, id());
            };
        }

        private @Nullable Route instance(String type, String id) {
            Interaction interaction = switch (method) {
                case "GET" -> Interaction.READ;
                case "PUT" -> Interaction.UPDATE;
                case "PATCH" -> Interaction.PATCH;
                case "DELETE" -> Interaction.DELETE;
                default -> null;
            };
            return at("a resource", interaction == null ? null : new Route(interaction, type, id));
        }

        private @Nullable Route ofInstance(String type, String id, String third) {
            if (third.equals("_history")) {
                return at("_history", get(new Route(Interaction.HISTORY_INSTANCE, type, id)));
            }
            if (third.equals("*") || known.contains(third)) {
                return at("a compartment", get(inCompartment(type, id, third)));
            }
            throw unknownPath();
        }

        private Route inCompartment(String type, String id, String searched) {
            if (!COMPARTMENTS.contains(type)) {
                throw new Refusal(
                        Refusal.Reason.NOT_FOUND,
                        "a resource of the type " + type + " has no compartment; those of "
                                + String.join(", ", COMPARTMENTS) + " have");
            }
            return Route.inCompartment(new ResourceKey(type, id), searched.equals("*") ? "" : served(searched));
        }

        private @Nullable Route ofVersion(String type, String id) {
            String third = parts.get(2);
            if (parts.get(3).equals("_search") && (third.equals("*") || known.contains(third))) {
                return at("_search", post(inCompartment(type, id, third)));
            }
            if (!parts.get(2).equals("_history")) {
                throw unknownPath();
            }
            return at("a version", get(new Route(Interaction.VREAD, type, id, version())));
        }

        private @Nullable Route get(Route route) {
            return method.equals("GET") ? route : null;
        }

        private @Nullable Route post(Route route) {
            return method.equals("POST") ? route : null;
        }

        private @Nullable Route getOrPost(Route route) {
            return method.equals("GET") || method.equals("POST") ? route : null;
        }

        private @Nullable Route at(String named, @Nullable Route route) {
            what = named;
            return route;
        }

        private String type() {
            return served(parts.get(0));
        }

        private String served(String type) {
            if (served.contains(type)) {
                return type;
            }
            if (known.contains(type)) {
                throw new Refusal(
                        Refusal.Reason.NOT_FOUND,
                        "the type " + type + " is not served here; served: " + String.join(", ", served));
            }
            throw unknownPath();
        }

        private String id() {
            return id("an id", parts.get(1));
        }

        private String version() {
            return id("the id of a version", parts.get(3));
        }

        private String id(String what, String id) {
            if (!ID.matcher(id).matches()) {
                throw new Refusal(
                        // Nothing is there, and never will be; who wants to write it there has to know.
                        method.equals("GET") || method.equals("DELETE")
                                ? Refusal.Reason.NOT_FOUND
                                : Refusal.Reason.INVALID,
                        "\"" + Refusal.shown(id) + "\" is not " + what + ": 1 to 64 of A-Z, a-z, 0-9, '-' and '.' are");
            }
            return id;
        }

        private Refusal unknownPath() {
            return new Refusal(
                    Refusal.Reason.NOT_FOUND,
                    "nothing is at the path \"" + Refusal.shown(path)
                            + "\"; a path is metadata, [type] or [type]/[id], with" + " one of the types "
                            + Refusal.shown(String.join(", ", served)));
        }
    }
}
