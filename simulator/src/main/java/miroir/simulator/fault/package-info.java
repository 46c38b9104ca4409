/** What goes wrong upstream, by rate or by script. Start with {@link miroir.simulator.fault.Faults}. */
@NullMarked
package miroir.simulator.fault;

import org.jspecify.annotations.NullMarked;
