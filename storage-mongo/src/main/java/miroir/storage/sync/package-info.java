/** What is written down about synchronisations, in the database, so that whoever starts, stops, watches or takes over finds
 * it there. Start with {@link miroir.sync.state.Register}. */
@NullMarked
package miroir.sync.state;

import org.jspecify.annotations.NullMarked;
