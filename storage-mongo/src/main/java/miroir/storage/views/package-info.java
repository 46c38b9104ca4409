/** Views of SQL on FHIR that an installation has in {@code conf/views}. Whoever makes rows of what is stored, the server when it is asked and the copies in other databases,
 * has them from here. */
@NullMarked
package miroir.storage.views;

import org.jspecify.annotations.NullMarked;
