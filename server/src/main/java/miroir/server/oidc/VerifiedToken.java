package miroir.server.oidc;

import java.time.Instant;
import java.util.List;
import miroir.server.access.Permission;

/**
 * What a genuine token says.
 *
 * @param name who shows it, as the log has it
 * @param application the name of the consumer by which the register may have a quota of the application, or have it blocked; empty where the token does not say which it is
 * @param person likewise of whom it asks for, or of itself
 * @param scopes what the scopes in it allow
 * @param roles names of roles, which the register may have
 * @param until so long it need not be looked at again
 */
record VerifiedToken(
        String name, String application, String person, List<Permission> scopes, List<String> roles, Instant until) {
    VerifiedToken {
        scopes = List.copyOf(scopes);
        roles = List.copyOf(roles);
    }
}
