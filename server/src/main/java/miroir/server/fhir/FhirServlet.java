package miroir.server.fhir;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.api.EncodingEnum;
import ca.uhn.fhir.rest.api.RequestTypeEnum;
import ca.uhn.fhir.rest.server.ETagSupportEnum;
import ca.uhn.fhir.rest.server.IncomingRequestAddressStrategy;
import ca.uhn.fhir.rest.server.RestfulServer;
import ca.uhn.fhir.rest.server.servlet.ServletRequestDetails;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import miroir.index.Refusal;
import miroir.server.pipeline.Exchange;
import miroir.server.routing.Interaction;
import org.hl7.fhir.r4.model.Basic;
import org.hl7.fhir.r4.model.Bundle;
import org.jspecify.annotations.Nullable;

/** HAPI's server with our providers, and without what we do ourselves: request ids, ETags, its own headers. */
public final class FhirServlet extends RestfulServer {
    private static final long serialVersionUID = 1L;
    private static final Set<Interaction> NOT_HERE = EnumSet.of(
            Interaction.PAGE,
            Interaction.PEOPLE,
            Interaction.REPORT,
            Interaction.REPORT_OF_CHANGES,
            Interaction.ADMIN,
            Interaction.SMART_CONFIGURATION,
            Interaction.NONE);

    private final transient FollowStreams follow;
    private final transient AnswerViews views;

    FhirServlet(
            FhirContext context,
            Collection<Object> providers,
            CapabilitiesInteraction capabilities,
            AnswerHooks hooks,
            FollowStreams follow,
            AnswerViews views) {
        super(context);
        this.follow = follow;
        this.views = views;
        setDefaultResponseEncoding(EncodingEnum.JSON);
        setETagSupport(ETagSupportEnum.DISABLED);
        setUncompressIncomingContents(false);
        setServerAddressStrategy(new CheckedAddress());
        registerProviders(providers);
        setServerConformanceProvider(capabilities);
        registerInterceptor(hooks);
    }

    /** What comes here without a route has passed no check of rights, whatever way it found. */
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        if (Exchange.of(request).route().interaction().isOfExport()) {
            throw new Refusal(Refusal.Reason.NOT_SUPPORTED, "exports are offered of resources in MongoDB only");
        }
        if (NOT_HERE.contains(Exchange.of(request).route().interaction())) {
            throw new Refusal(Refusal.Reason.INVALID, "the path " + request.getRequestURI() + " is no FHIR request");
        }
        if (!follow.answers(request, response) && !views.answers(request, response)) {
            super.service(request, response);
        }
    }

    @Override
    protected ServletRequestDetails newRequestDetails(
            RequestTypeEnum method, HttpServletRequest request, HttpServletResponse response) {
        ServletRequestDetails details = super.newRequestDetails(method, request, response);
        details.setResponse(new FhirResponse(details));
        if (method == RequestTypeEnum.POST || method == RequestTypeEnum.PUT || method == RequestTypeEnum.PATCH) {
            // HAPI parses the body for interceptors unless the request has a resource already.
            boolean bundle = Exchange.of(request).route().interaction() == Interaction.BATCH;
            details.setResource(bundle ? new Bundle() : new Basic());
        }
        return details;
    }

    @Override
    protected String getOrCreateRequestId(HttpServletRequest request) {
        return Exchange.of(request).requestId();
    }

    @Override
    protected void addRequestIdToResponse(ServletRequestDetails details, String requestId) {
        // The pipeline did.
    }

    @Override
    public void addHeadersToResponse(HttpServletResponse response) {
        // Nobody needs to know what this is powered by.
    }

    /** The base that the pipeline found, which knows whether the host may be believed. */
    private static final class CheckedAddress extends IncomingRequestAddressStrategy {
        @Override
        public String determineServerBase(@Nullable ServletContext context, HttpServletRequest request) {
            return Exchange.of(request).base();
        }
    }
}
