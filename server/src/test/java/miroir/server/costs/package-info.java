/** What searches by every parameter cost in the database, as it says itself. */
@NullMarked
package miroir.server.costs;

import org.jspecify.annotations.NullMarked;
