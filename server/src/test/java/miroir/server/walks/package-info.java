/** Pages of searches while others write: each walk through them sees the store as it was at its beginning. */
@NullMarked
package miroir.server.walks;

import org.jspecify.annotations.NullMarked;
