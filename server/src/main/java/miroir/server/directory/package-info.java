/** How people are asked for by what somebody remembers of them: names as they are typed, how alike they are, and who comes first. Nothing here
 * reads a database or knows HTTP. */
@NullMarked
package miroir.server.directory;

import org.jspecify.annotations.NullMarked;
