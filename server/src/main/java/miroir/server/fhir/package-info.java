/** FHIR on top of the store: HAPI routes and calls one provider per type, an interaction makes an answer, and the answer
 * is written from stored bytes without ever becoming a model. Start with {@link miroir.server.fhir.TypeProvider}. */
@NullMarked
package miroir.server.fhir;

import org.jspecify.annotations.NullMarked;
