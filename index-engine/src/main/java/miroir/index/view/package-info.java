/** ViewDefinitions of SQL on FHIR: read, checked and compiled once, then run over stored resources, of which they make rows of typed columns. Start with
 * {@link miroir.index.view.ReadView} and {@link miroir.index.view.CompiledView}. */
@NullMarked
package miroir.index.view;

import org.jspecify.annotations.NullMarked;
