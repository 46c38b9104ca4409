package miroir.server.routing;

/**
 * What a request can ask for: the interactions of FHIR R4 under the names that the specification gives them, and our own
 * pages. Whatever is not offered yet is refused with 501 by its name, which is better than an unknown path.
 */
public enum Interaction {
    CAPABILITIES("capabilities", true, false),
    READ("read", true, false),
    VREAD("vread", true, false),
    UPDATE("update", true, true),
    CONDITIONAL_UPDATE("conditional-update", true, true),
    PATCH("patch", true, true),
    CONDITIONAL_PATCH("conditional-patch", true, true),
    DELETE("delete", true, true),
    CONDITIONAL_DELETE("conditional-delete", true, true),
    CREATE("create", true, true),
    CONDITIONAL_CREATE("conditional-create", true, true),
    SEARCH_TYPE("search-type", true, false),
    SEARCH_SYSTEM("search-system", true, false),
    SEARCH_COMPARTMENT("search-compartment", true, false),
    HISTORY_INSTANCE("history-instance", true, false),
    HISTORY_TYPE("history-type", true, false),
    HISTORY_SYSTEM("history-system", true, false),
    /** A batch or a transaction; each of its entries needs the right that it would need alone. */
    BATCH("batch", true, false),
    /** Our own operation, {@code $erase}. */
    ERASE("erase", true, true),
    /** The operation {@code $everything}. */
    EVERYTHING("everything", true, false),
    /** Our own operation {@code $directory-search}, which needs the right to search three types. */
    DIRECTORY_SEARCH("directory-search", true, false),
    /** The operation {@code $meta}, of a resource or a version, of a type, of all types. */
    META("meta", true, false),
    META_ADD("meta-add", true, true),
    META_DELETE("meta-delete", true, true),
    /** The operation {@code $validate}; the validator is an optional part. */
    VALIDATE("validate", true, false),
    /** Our own operation, {@code $by-identifier}. */
    BY_IDENTIFIER("by-identifier", true, false),
    /** Our own operation, {@code $seen}. */
    SEEN("seen", true, false),
    /** {@code CodeSystem/$lookup}. */
    LOOKUP("lookup", true, false),
    /** {@code $validate-code}, of a code system or a value set. */
    VALIDATE_CODE("validate-code", true, false),
    /** {@code ValueSet/$expand}. */
    EXPAND("expand", true, false),
    /** The operation {@code $export} of FHIR's bulk data: begins one. */
    EXPORT("export", true, false),
    /** How far an export is, and what has come of it. */
    EXPORT_STATUS("export-status", true, false),
    /** Ends an export, which is nobody's resource. */
    EXPORT_CANCEL("export-cancel", true, false),
    /** A file of an export. */
    EXPORT_FILE("export-file", true, false),
    /** The operation {@code $viewdefinition-run} of SQL on FHIR, which needs the right to search the type that the view is of. */
    RUN_VIEW("viewdefinition-run", true, false),
    /** The views that can be run by name. */
    LIST_VIEWS("list-views", true, false),
    READ_VIEW("read-view", true, false),
    /** Every other operation. */
    OPERATION("operation", false, true),
    /** The question which methods a path takes. */
    OPTIONS("options", true, false),
    /** How applications get tokens from the issuer that the configuration names, as SMART App Launch wants it told. */
    SMART_CONFIGURATION("smart-configuration", true, false),
    /** What administrators ask for, see {@link AdminRoute}. */
    ADMIN("admin", true, false),
    /** The administrators' pages, which do what they do by {@link #ADMIN}. */
    CONSOLE("console", true, false),
    /** The page on which people look for people by {@link #DIRECTORY_SEARCH}, which needs what that needs. */
    PEOPLE("people", true, false),
    /** What is told of the directory as a whole, for people and spreadsheets: needs the right to search what it is told from. */
    REPORT("report", true, false),
    /** The same of what changed, which needs the right to see histories. */
    REPORT_OF_CHANGES("report-of-changes", true, false),
    /** Our own pages: home, health, metrics. */
    PAGE("page", true, false),
    /** A request that never became an interaction: unknown path, refused host. */
    NONE("none", true, false);

    private final String code;
    private final boolean offered;
    private final boolean writes;

    Interaction(String code, boolean offered, boolean writes) {
        this.code = code;
        this.offered = offered;
        this.writes = writes;
    }

    /** The name in logs, metrics and documentation. */
    public String code() {
        return code;
    }

    /** False: refused with 501. */
    public boolean isOffered() {
        return offered;
    }

    /** Whether it is a search, which can come by POST with a form. */
    public boolean isSearch() {
        return this == SEARCH_TYPE || this == SEARCH_SYSTEM || this == SEARCH_COMPARTMENT;
    }

    /** Whether it is about what the directory tells of people and places together, and so about all of {@link Router#DIRECTORY}. */
    public boolean isOfDirectory() {
        return this == DIRECTORY_SEARCH || this == PEOPLE || this == REPORT || this == REPORT_OF_CHANGES;
    }

    /** Whether it is what the server is there for: the others are about the server itself, or about nothing that there is. */
    public boolean isServed() {
        return switch (this) {
            case PAGE, ADMIN, CONSOLE, OPTIONS, SMART_CONFIGURATION, NONE -> false;
            default -> true;
        };
    }

    /** Whether it is about an export in bulk. */
    public boolean isOfExport() {
        return this == EXPORT || this == EXPORT_STATUS || this == EXPORT_CANCEL || this == EXPORT_FILE;
    }

    /** Whether it can change something, and therefore needs the right to write. */
    public boolean writes() {
        return writes;
    }
}
