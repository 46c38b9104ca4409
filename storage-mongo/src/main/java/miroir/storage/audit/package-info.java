/** Who did what, in the database. Nothing of it is changed or removed from here; what is old enough MongoDB removes by itself. */
@NullMarked
package miroir.storage.audit;

import org.jspecify.annotations.NullMarked;
