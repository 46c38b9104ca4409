/** The WAR in the containers that people have. */
@NullMarked
package miroir.war;

import org.jspecify.annotations.NullMarked;
