/** From the text of a query to what a store can answer: an expression in FHIR's terms, then a condition on flat
 * {@code t_*} fields. Nothing here knows HAPI or MongoDB. */
@NullMarked
package miroir.index.search;

import org.jspecify.annotations.NullMarked;
