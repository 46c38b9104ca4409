package miroir.server.fhir;

import ca.uhn.fhir.rest.server.servlet.ServletRequestDetails;
import java.util.ArrayList;
import java.util.List;
import miroir.index.search.QueryParameter;
import miroir.server.pipeline.Exchange;
import miroir.server.routing.Interaction;
import miroir.server.routing.Route;

/** A request in somebody else's HAPI server: there is no pipeline, so what HAPI found has to do. */
final class HostedRequest {
    private HostedRequest() {}

    static Exchange exchange(ServletRequestDetails details) {
        String id = details.getId() == null ? "" : details.getId().getIdPart();
        Route route = new Route(interaction(details), details.getResourceName(), id);
        return Exchange.hosted(details.getServletRequest(), route, query(details), details.getFhirServerBase());
    }

    private static Interaction interaction(ServletRequestDetails details) {
        return switch (details.getRestOperationType()) {
            case READ -> Interaction.READ;
            case CREATE -> Interaction.CREATE;
            case UPDATE -> Interaction.UPDATE;
            case DELETE -> Interaction.DELETE;
            case SEARCH_TYPE -> Interaction.SEARCH_TYPE;
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
