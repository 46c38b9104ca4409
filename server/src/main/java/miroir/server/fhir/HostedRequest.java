package miroir.server.fhir;

import ca.uhn.fhir.rest.server.servlet.ServletRequestDetails;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import miroir.index.search.QueryParameter;
import miroir.server.pipeline.Exchange;
import miroir.server.routing.Interaction;
import miroir.server.routing.Route;
import org.hl7.fhir.instance.model.api.IIdType;

/** A request in somebody else's HAPI server: there is no pipeline, so what HAPI found has to do. */
final class HostedRequest {
    private HostedRequest() {}

    static Exchange exchange(ServletRequestDetails details) {
        IIdType id = details.getId();
        Route route = new Route(
                interaction(details),
                Objects.requireNonNullElse(details.getResourceName(), ""),
                id == null ? "" : id.getIdPart(),
                id == null ? "" : Objects.requireNonNullElse(id.getVersionIdPart(), ""));
        return Exchange.hosted(details.getServletRequest(), route, query(details), details.getFhirServerBase());
    }

    private static Interaction interaction(ServletRequestDetails details) {
        return switch (details.getRestOperationType()) {
            case READ -> Interaction.READ;
            case VREAD -> Interaction.VREAD;
            case CREATE ->
                details.getHeader("If-None-Exist") == null ? Interaction.CREATE : Interaction.CONDITIONAL_CREATE;
            case UPDATE -> details.getId() == null ? Interaction.CONDITIONAL_UPDATE : Interaction.UPDATE;
            case PATCH -> details.getId() == null ? Interaction.CONDITIONAL_PATCH : Interaction.PATCH;
            case DELETE -> details.getId() == null ? Interaction.CONDITIONAL_DELETE : Interaction.DELETE;
            case SEARCH_TYPE -> Interaction.SEARCH_TYPE;
            case HISTORY_INSTANCE -> Interaction.HISTORY_INSTANCE;
            case HISTORY_TYPE -> Interaction.HISTORY_TYPE;
            case HISTORY_SYSTEM -> Interaction.HISTORY_SYSTEM;
            case SEARCH_SYSTEM -> Interaction.SEARCH_SYSTEM;
            case TRANSACTION -> Interaction.BATCH;
            case EXTENDED_OPERATION_INSTANCE, EXTENDED_OPERATION_TYPE, EXTENDED_OPERATION_SERVER ->
                operation(details.getOperation());
            default -> Interaction.NONE;
        };
    }

    private static Interaction operation(String name) {
        return switch (name) {
            case "$erase" -> Interaction.ERASE;
            case "$everything" -> Interaction.EVERYTHING;
            case "$directory-search" -> Interaction.DIRECTORY_SEARCH;
            case "$meta" -> Interaction.META;
            case "$meta-add" -> Interaction.META_ADD;
            case "$validate" -> Interaction.VALIDATE;
            case "$meta-delete" -> Interaction.META_DELETE;
            case "$by-identifier" -> Interaction.BY_IDENTIFIER;
            case "$seen" -> Interaction.SEEN;
            case "$lookup" -> Interaction.LOOKUP;
            case "$validate-code" -> Interaction.VALIDATE_CODE;
            case "$expand" -> Interaction.EXPAND;
            default -> Interaction.NONE;
        };
    }

    private static List<QueryParameter> query(ServletRequestDetails details) {
        List<QueryParameter> query = new ArrayList<>();
        details.getParameters().forEach((name, values) -> {
            for (String value : values) {
                query.add(new QueryParameter(name, value));
            }
        });
        return query;
    }
}
