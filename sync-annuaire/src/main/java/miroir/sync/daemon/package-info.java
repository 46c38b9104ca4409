/** Who runs synchronisations, and when: the leader, the schedule, and what is shown of both. Start with
 * {@link miroir.sync.daemon.Daemon}. */
@NullMarked
package miroir.sync.daemon;

import org.jspecify.annotations.NullMarked;
