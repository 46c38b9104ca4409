/** A made-up health directory of any size that exists only as a seed. Start with
 * {@link miroir.simulator.Directory}; what happens to it and how it is served stands in the packages below. */
@NullMarked
package miroir.simulator;

import org.jspecify.annotations.NullMarked;
