package miroir.server.fhir;

import ca.uhn.fhir.rest.api.server.IBundleProvider;
import ca.uhn.fhir.rest.server.method.ResponsePage;
import java.util.Date;
import java.util.List;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.instance.model.api.IPrimitiveType;
import org.hl7.fhir.r4.model.Bundle;
import org.jspecify.annotations.Nullable;

/**
 * The stub where HAPI wants a Bundle, which it needs as the return type of a search or a history. It takes what a history
 * returns for one of the versions, and wants an id and a version of it. What HAPI makes around every bundle that is none of its providers,
 * with the time of day in it, costs as much as parsing the search; so this one is its own.
 */
final class StubBundle extends Bundle implements StandIn, IBundleProvider {
    private static final long serialVersionUID = 1L;

    StubBundle() {
        setId("Bundle/stub/_history/1");
    }

    @Override
    public List<IBaseResource> getResources(int from, int to, ResponsePage.ResponsePageBuilder page) {
        return List.of(this);
    }

    @Override
    public List<IBaseResource> getResources(int from, int to) {
        return List.of(this);
    }

    @Override
    public @Nullable IPrimitiveType<Date> getPublished() {
        return null;
    }

    @Override
    public @Nullable String getUuid() {
        return null;
    }

    @Override
    public @Nullable Integer preferredPageSize() {
        return null;
    }

    @Override
    public Integer size() {
        return 1;
    }

    @Override
    public boolean isEmpty() {
        return false;
    }
}
