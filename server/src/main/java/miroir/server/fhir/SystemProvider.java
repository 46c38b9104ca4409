package miroir.server.fhir;

import ca.uhn.fhir.rest.annotation.History;
import ca.uhn.fhir.rest.annotation.Operation;
import ca.uhn.fhir.rest.annotation.Search;
import ca.uhn.fhir.rest.annotation.Transaction;
import ca.uhn.fhir.rest.annotation.TransactionParam;
import ca.uhn.fhir.rest.server.servlet.ServletRequestDetails;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Bundle;

/** What HAPI calls for all types at once; otherwise as {@link TypeProvider}. */
public final class SystemProvider {
    private final PresentInteractions interactions;
    private final Handover handover;

    SystemProvider(PresentInteractions interactions, Handover handover) {
        this.interactions = interactions;
        this.handover = handover;
    }

    /** {@code GET [base]?_type=…}, and compartments of which all types are searched. */
    @Search(allowUnknownParams = true)
    public Bundle search(ServletRequestDetails details) {
        return handover.bundle(
                details, request -> interactions.take().systemSearch().answer(request));
    }

    /** {@code GET [base]/_history}. */
    @History
    public Bundle history(ServletRequestDetails details) {
        return handover.bundle(details, request -> interactions.take().history().answer(request));
    }

    /** {@code GET [base]/$meta}. */
    @Operation(name = "$meta", idempotent = true, manualRequest = true)
    public IBaseResource meta(ServletRequestDetails details) {
        return handover.resource(
                details, request -> interactions.take().meta().answer(request, details.loadRequestContents()));
    }

    /** {@code GET [base]/$directory-search?…}. */
    @Operation(name = "$directory-search", idempotent = true, manualRequest = true)
    public Bundle directorySearch(ServletRequestDetails details) {
        return handover.bundle(
                details,
                request -> interactions.take().directorySearch().answer(request, details.loadRequestContents()));
    }

    /** {@code POST [base]}. HAPI wants the bundle as a model; it is read from the bytes. */
    @Transaction
    public Bundle transaction(@TransactionParam Bundle sent, ServletRequestDetails details) {
        return handover.bundle(
                details, request -> interactions.takeBundles().answer(request, details.loadRequestContents()));
    }
}
