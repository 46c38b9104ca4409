/** Bundles as the bytes that they are. Start with {@link miroir.sync.bundle.RawBundle}. */
@NullMarked
package miroir.sync.bundle;

import org.jspecify.annotations.NullMarked;
