/** What {@code /metrics} tells beside what requests count themselves: of the process, the database and the synchronisations. */
@NullMarked
package miroir.server.metrics;

import org.jspecify.annotations.NullMarked;
