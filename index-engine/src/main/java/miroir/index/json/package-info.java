/** FHIR JSON in and out without a model: bytes to BSON and back, nothing lost on the way. Start with
 * {@link miroir.index.json.ResourceReader} and {@link miroir.index.json.ResourceWriter}. */
@NullMarked
package miroir.index.json;

import org.jspecify.annotations.NullMarked;
