/** The daemon that keeps the store a faithful copy of the directory, and its commands. Start with
 * {@link miroir.sync.SyncMain}. */
@NullMarked
package miroir.sync;

import org.jspecify.annotations.NullMarked;
