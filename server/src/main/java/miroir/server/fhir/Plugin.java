package miroir.server.fhir;

import ca.uhn.fhir.rest.server.RestfulServer;
import miroir.server.configuration.ServerConfiguration;

/** Our types in somebody else's HAPI server, of which nothing else changes. */
public final class Plugin {
    private Plugin() {}

    /** Answers models, which the interceptors of that server see and may change. */
    public static void register(RestfulServer host, ServerConfiguration configuration, FhirParts parts) {
        register(host, configuration, parts, new Handover.Models(host.getFhirContext(), true));
    }

    /**
     * Answers bytes, past HAPI and its interceptors. Refused where one of them looks at what comes in or goes out; one that is
     * registered later has our types fail.
     */
    public static void registerAsBytes(RestfulServer host, ServerConfiguration configuration, FhirParts parts) {
        HostedBytes bytes = new HostedBytes(host);
        bytes.refuseOthers();
        register(host, configuration, parts, new Handover.Bytes());
        host.registerInterceptor(bytes);
    }

    private static void register(
            RestfulServer host, ServerConfiguration configuration, FhirParts parts, Handover handover) {
        host.registerProviders(FhirServlets.providers(host.getFhirContext(), configuration, parts, handover));
        host.registerInterceptor(new AnswerHooks(host.getFhirContext()));
    }
}
