/** From a stored resource to its flat {@code t_*} fields, one class per search type. Start with
 * {@link miroir.index.extract.FieldExtractor}; {@code docs/fields.md} says which field answers which search. */
@NullMarked
package miroir.index.extract;

import org.jspecify.annotations.NullMarked;
