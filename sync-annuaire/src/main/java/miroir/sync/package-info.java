/** The daemon that keeps the store a faithful copy of the directory; so far, what a run must ask for
 * and in which pieces. Start with {@link miroir.sync.DeltaRules}. */
@NullMarked
package miroir.sync;

import org.jspecify.annotations.NullMarked;
