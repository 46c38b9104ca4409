package miroir.server.fhir;

import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.IInterceptorService;
import ca.uhn.fhir.interceptor.api.Interceptor;
import ca.uhn.fhir.interceptor.api.Pointcut;
import ca.uhn.fhir.interceptor.executor.InterceptorService;
import ca.uhn.fhir.rest.api.RestOperationTypeEnum;
import ca.uhn.fhir.rest.server.RestfulServer;
import ca.uhn.fhir.rest.server.method.BaseMethodBinding;
import ca.uhn.fhir.rest.server.servlet.ServletRequestDetails;
import java.util.List;
import org.hl7.fhir.r4.model.Basic;
import org.hl7.fhir.r4.model.Bundle;

/**
 * Our bytes in somebody else's server. HAPI parses the body of a write for its interceptors unless the request has a
 * resource already, so where one of our providers will be called it gets one. What others would look at is not there then, on
 * the way in as on the way out: a rule or a consent would be asked about nothing, and the data would pass. So nothing is
 * answered beside an interceptor that looks, whether it was registered before us or after.
 */
@Interceptor
public final class HostedBytes {
    private static final List<Pointcut> LOOKED_AT =
            List.of(Pointcut.SERVER_INCOMING_REQUEST_PRE_HANDLED, Pointcut.SERVER_OUTGOING_RESPONSE);

    private final RestfulServer host;
    private volatile List<Object> harmless = List.of();

    HostedBytes(RestfulServer host) {
        this.host = host;
    }

    /** Refuses a server in which somebody looks at resources already. */
    void refuseOthers() {
        IInterceptorService interceptors = host.getInterceptorService();
        for (Pointcut pointcut : LOOKED_AT) {
            if (interceptors.hasHooks(pointcut)) {
                throw refused("an interceptor", pointcut);
            }
        }
    }

    @Hook(Pointcut.SERVER_INCOMING_REQUEST_POST_PROCESSED)
    public void prepare(ServletRequestDetails details) {
        BaseMethodBinding method = host.determineResourceMethod(details, details.getRequestPath());
        Object provider = method.getProvider();
        if (provider instanceof TypeProvider || provider instanceof SystemProvider) {
            refuseLaterOnes();
            boolean bundle = method.getRestOperationType() == RestOperationTypeEnum.TRANSACTION;
            details.setResource(bundle ? new Bundle() : new Basic());
        }
    }

    private void refuseLaterOnes() {
        List<Object> registered = host.getInterceptorService().getAllRegisteredInterceptors();
        if (!registered.equals(harmless)) {
            registered.forEach(HostedBytes::refuseIfItLooks);
            harmless = List.copyOf(registered);
        }
    }

    private static void refuseIfItLooks(Object interceptor) {
        if (interceptor instanceof AnswerHooks) {
            return;
        }
        InterceptorService alone = new InterceptorService();
        alone.registerInterceptor(interceptor);
        for (Pointcut pointcut : LOOKED_AT) {
            if (alone.hasHooks(pointcut)) {
                throw refused(interceptor.getClass().getName(), pointcut);
            }
        }
    }

    private static IllegalStateException refused(String interceptor, Pointcut pointcut) {
        return new IllegalStateException(
                interceptor + " has a hook for " + pointcut
                        + " and would see none of the resources that are answered as bytes; use Plugin.register, which answers models");
    }
}
