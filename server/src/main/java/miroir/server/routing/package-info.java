/** Which FHIR interaction a method and a path ask for, decided before anything else happens. The same table says what
 * is offered, what is refused and how requests are counted. */
@NullMarked
package miroir.server.routing;

import org.jspecify.annotations.NullMarked;
