/** Where a request came from, where gateways stand in front of the server: {@link miroir.server.proxy.TrustedProxies} decides
 * whose word on that counts. */
@NullMarked
package miroir.server.proxy;

import org.jspecify.annotations.NullMarked;
