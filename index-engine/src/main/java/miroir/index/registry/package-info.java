/** Fills the registry: the standard search parameters of FHIR R4 from a generated table, then the operator's own from
 * {@code conf/search}. {@link miroir.index.registry.RegistryLoader} is the way in. */
@NullMarked
package miroir.index.registry;

import org.jspecify.annotations.NullMarked;
