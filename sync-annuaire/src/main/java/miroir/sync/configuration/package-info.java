/** {@code conf/sync.yaml}: sources, synchronisations, and how the daemon works. Start with
 * {@link miroir.sync.configuration.SyncConfiguration}. */
@NullMarked
package miroir.sync.configuration;

import org.jspecify.annotations.NullMarked;
