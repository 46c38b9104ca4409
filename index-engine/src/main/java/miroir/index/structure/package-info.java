/** What FHIR R4 says of its own types: elements, cardinalities, flags, as tables generated from the structure
 * definitions. Everything that walks a resource without a model asks {@link miroir.index.structure.Structures}. */
@NullMarked
package miroir.index.structure;

import org.jspecify.annotations.NullMarked;
