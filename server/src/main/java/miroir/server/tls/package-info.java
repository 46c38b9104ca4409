/** TLS from PEM files: {@link miroir.server.tls.ServerCertificate} reads certificate and key, checks that they belong together, and takes
 * others when the files change. */
@NullMarked
package miroir.server.tls;

import org.jspecify.annotations.NullMarked;
