/** A whole directory is copied by the daemon's program, with little memory: what that takes. Start with {@link miroir.sync.load.Loading}. */
@NullMarked
package miroir.sync.load;

import org.jspecify.annotations.NullMarked;
