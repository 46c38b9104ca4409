/** The upstream directory in a box: a directory of any size that exists only as a seed, and later the server that
 * misbehaves like the real one. Start with {@link miroir.simulator.Directory}. */
@NullMarked
package miroir.simulator;

import org.jspecify.annotations.NullMarked;
