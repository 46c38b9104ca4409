/** Searches as the real directory understands them, with its paging, its parameters and its refusals. Start with
 * {@link miroir.simulator.query.Search}. */
@NullMarked
package miroir.simulator.query;

import org.jspecify.annotations.NullMarked;
