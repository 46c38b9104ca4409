/** Spoiled input for everything that reads what others send. */
@NullMarked
package miroir.server.fuzz;

import org.jspecify.annotations.NullMarked;
