package miroir.server.routing;

import miroir.index.store.ResourceKey;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks for, as its method and path say.
 *
 * @param type the resource type, or an empty string where none is named
 * @param id the resource's id, or an empty string
 * @param version the version's id as the path has it, or the name of a file of an export, or an empty string
 * @param compartment the resource whose compartment is searched; null: everything is
 */
public record Route(
        Interaction interaction,
        String type,
        String id,
        String version,
        @Nullable ResourceKey compartment) {

    /** Of what is no single version. */
    public Route(Interaction interaction, String type, String id) {
        this(interaction, type, id, "");
    }

    /** Of what is in no compartment. */
    public Route(Interaction interaction, String type, String id, String version) {
        this(interaction, type, id, version, null);
    }

    /**
     * Of a search in a compartment.
     *
     * @param type what is searched in it; an empty string: all types
     */
    static Route inCompartment(ResourceKey compartment, String type) {
        return new Route(Interaction.SEARCH_COMPARTMENT, type, "", "", compartment);
    }

    /** A request that asks for nothing known. */
    public static Route none() {
        return new Route(Interaction.NONE, "", "");
    }

    /** The resource that the path names. */
    public ResourceKey key() {
        return new ResourceKey(type, id);
    }

    /** The path below the FHIR base, in its plainest form. */
    public String path() {
        return switch (interaction) {
            case CAPABILITIES -> "metadata";
            case SMART_CONFIGURATION -> Router.SMART;
            case HISTORY_SYSTEM -> "_history";
            case HISTORY_TYPE -> type + "/_history";
            case HISTORY_INSTANCE -> key() + "/_history";
            case VREAD -> key() + "/_history/" + version;
            case ERASE -> key() + "/$erase";
            case EVERYTHING -> key() + "/$everything";
            case DIRECTORY_SEARCH -> "$directory-search";
            case META -> operation("$meta");
            case META_ADD -> operation("$meta-add");
            case VALIDATE -> operation("$validate");
            case META_DELETE -> operation("$meta-delete");
            case BY_IDENTIFIER -> operation("$by-identifier");
            case SEEN -> operation("$seen");
            case LOOKUP -> operation("$lookup");
            case VALIDATE_CODE -> operation("$validate-code");
            case EXPAND -> operation("$expand");
            case EXPORT -> Router.EXPORT;
            case EXPORT_STATUS, EXPORT_CANCEL -> Router.EXPORT + "/" + id;
            case EXPORT_FILE -> Router.EXPORT + "/" + id + "/" + version;
            case RUN_VIEW -> view() + "/$run";
            case LIST_VIEWS, READ_VIEW -> view();
            case SEARCH_COMPARTMENT -> compartment + "/" + (type.isEmpty() ? "*" : type);
            default -> named();
        };
    }

    private String view() {
        return Router.VIEWS + (id.isEmpty() ? "" : "/" + id);
    }

    private String named() {
        return id.isEmpty() ? type : key().toString();
    }

    /** A version stands in the route only. */
    private String operation(String name) {
        return type.isEmpty() ? name : named() + "/" + name;
    }
}
