/** One run of a synchronisation, from its plan to the removal of what is gone. Start with
 * {@link miroir.sync.run.RunSynchronisation}. */
@NullMarked
package miroir.sync.run;

import org.jspecify.annotations.NullMarked;
