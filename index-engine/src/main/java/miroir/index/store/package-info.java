/** The port behind which resources are kept, in FHIR's words. {@code storage-mongo} implements
 * {@link miroir.index.store.ResourceStore}; the contract test beside it holds every implementation to the same promises. */
@NullMarked
package miroir.index.store;

import org.jspecify.annotations.NullMarked;
