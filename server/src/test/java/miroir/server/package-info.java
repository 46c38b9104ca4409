/** Tests of the whole server, over real sockets. */
@NullMarked
package miroir.server;

import org.jspecify.annotations.NullMarked;
