/** What a server was asked for in the last week, and how long it took: kept in its memory, in little of it, for the page that shows it. */
@NullMarked
package miroir.server.load;

import org.jspecify.annotations.NullMarked;
