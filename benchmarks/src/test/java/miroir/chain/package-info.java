/** Servers and daemons one behind the other, which no single module knows all of. */
@NullMarked
package miroir.chain;

import org.jspecify.annotations.NullMarked;
