package miroir.server;

import java.util.Optional;
import miroir.server.access.AccessParts;
import miroir.server.configuration.ServerConfiguration;
import miroir.server.fhir.FhirParts;

/**
 * What a tenant has for itself. The server's own is the one without a name.
 *
 * @param token of its file, with which everything may be done
 * @param access its consumers and administrators; empty where tests need none
 */
record Tenant(
        ServerConfiguration configuration, FhirParts parts, Optional<String> token, Optional<AccessParts> access) {
    String name() {
        return configuration.tenant();
    }
}
