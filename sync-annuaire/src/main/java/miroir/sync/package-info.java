/** The daemon that keeps the store a faithful copy of the directory; so far, what a run must ask for
 * and in which pieces, and the loading of files. Start with {@link miroir.sync.DeltaRules} and
 * {@link miroir.sync.LoadResources}. */
@NullMarked
package miroir.sync;

import org.jspecify.annotations.NullMarked;
