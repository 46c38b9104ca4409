/** Exports in bulk: {@code $export} of FHIR's bulk data, of which nothing is kept but what was asked and how it is cut into files. Start with
 * {@link miroir.server.export.OfferExports}. */
@NullMarked
package miroir.server.export;

import org.jspecify.annotations.NullMarked;
