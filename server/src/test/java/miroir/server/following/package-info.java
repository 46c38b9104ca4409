/** Clients that follow what is written through several servers, by the pages that {@code docs/api} shows. They must miss nothing. */
@NullMarked
package miroir.server.following;

import org.jspecify.annotations.NullMarked;
