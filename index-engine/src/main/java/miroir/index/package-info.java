/** The registry of search parameters, the one truth behind extraction, indexes, parsing and {@code /metadata}, and
 * the refusal that every other package throws. Start with {@link miroir.index.SearchParameterRegistry}. */
@NullMarked
package miroir.index;

import org.jspecify.annotations.NullMarked;
