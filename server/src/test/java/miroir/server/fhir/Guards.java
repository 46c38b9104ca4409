package miroir.server.fhir;

import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.server.interceptor.auth.AuthorizationInterceptor;
import ca.uhn.fhir.rest.server.interceptor.auth.IAuthRule;
import ca.uhn.fhir.rest.server.interceptor.auth.RuleBuilder;
import ca.uhn.fhir.rest.server.interceptor.consent.ConsentInterceptor;
import ca.uhn.fhir.rest.server.interceptor.consent.ConsentOutcome;
import ca.uhn.fhir.rest.server.interceptor.consent.IConsentContextServices;
import ca.uhn.fhir.rest.server.interceptor.consent.IConsentService;
import java.util.List;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Organization;

/** Interceptors of somebody else's server that keep a resource with the id {@code secret} back. */
final class Guards {
    static final String SECRET = "secret";

    private Guards() {}

    /** Looks at every resource that is about to leave. */
    static ConsentInterceptor consent() {
        return new ConsentInterceptor(new IConsentService() {
            @Override
            public ConsentOutcome willSeeResource(
                    RequestDetails details, IBaseResource resource, IConsentContextServices services) {
                boolean secret = SECRET.equals(resource.getIdElement().getIdPart());
                return secret ? ConsentOutcome.REJECT : ConsentOutcome.PROCEED;
            }
        });
    }

    /** Allows one organization to be read and written, and all requests that find or send no other. */
    static AuthorizationInterceptor rules() {
        return new AuthorizationInterceptor() {
            @Override
            public List<IAuthRule> buildRuleList(RequestDetails details) {
                return new RuleBuilder()
                        .allow()
                        .read()
                        .instance(new IdType("Organization/open"))
                        .andThen()
                        .allow()
                        .write()
                        .resourcesOfType(Organization.class)
                        .withAnyId()
                        .andThen()
                        .denyAll()
                        .build();
            }
        };
    }
}
