package miroir.server.oidc;

import java.time.Instant;
import java.util.List;
import miroir.server.access.Permission;

/**
 * What a genuine token says.
 *
 * @param name who shows it, as the log has it
 * @param blockable the names under which the register may have him blocked
 * @param scopes what the scopes in it allow
 * @param roles names of roles, which the register may have
 * @param until so long it need not be looked at again
 */
record VerifiedToken(String name, List<String> blockable, List<Permission> scopes, List<String> roles, Instant until) {
    VerifiedToken {
        blockable = List.copyOf(blockable);
        scopes = List.copyOf(scopes);
        roles = List.copyOf(roles);
    }
}
