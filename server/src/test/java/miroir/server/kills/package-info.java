/** Servers and their database, killed at random. What clients were told must be true afterwards. */
@NullMarked
package miroir.server.kills;

import org.jspecify.annotations.NullMarked;
