@NullMarked
package miroir.server.bundle;

import org.jspecify.annotations.NullMarked;
