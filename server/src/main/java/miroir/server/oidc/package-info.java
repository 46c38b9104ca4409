/** Tokens that others issue (JWTs, OpenID Connect): whether they are genuine, whose they are, and what their scopes come to in
 * the permissions of the register. */
@NullMarked
package miroir.server.oidc;

import org.jspecify.annotations.NullMarked;
