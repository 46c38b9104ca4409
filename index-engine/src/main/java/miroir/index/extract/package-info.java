/** From a stored resource to its flat {@code t_*} fields: folded texts, 3-grams, intervals, references. Start with
 * {@code FieldExtractor}; {@code docs/fields.md} says which field answers which search. */
@NullMarked
package miroir.index.extract;

import org.jspecify.annotations.NullMarked;
