/** The simulated directory on a socket: the API as documented, its gateway, and a way to control what happens. Start
 * with {@link miroir.simulator.http.Simulator}. */
@NullMarked
package miroir.simulator.http;

import org.jspecify.annotations.NullMarked;
