/** The life of a made-up directory: what its nightly loads and its accidents do to each resource. Start with
 * {@link miroir.simulator.life.World}. */
@NullMarked
package miroir.simulator.life;

import org.jspecify.annotations.NullMarked;
