/** Links to further pages: everything that the next page needs is in the link, sealed, so that the server keeps nothing.
 * Start with {@link miroir.server.paging.PageTokens}. */
@NullMarked
package miroir.server.paging;

import org.jspecify.annotations.NullMarked;
