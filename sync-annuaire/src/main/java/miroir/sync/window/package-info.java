/** What a run must ask for so that it misses nothing, and in which pieces. Start with
 * {@link miroir.sync.window.DeltaRules}. */
@NullMarked
package miroir.sync.window;

import org.jspecify.annotations.NullMarked;
