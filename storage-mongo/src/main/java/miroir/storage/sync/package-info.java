/** What is written down about synchronisations, in the database, so that whoever starts, stops, watches or takes over finds
 * it there. Start with {@link miroir.storage.sync.Register}. */
@NullMarked
package miroir.storage.sync;

import org.jspecify.annotations.NullMarked;
