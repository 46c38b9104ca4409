/** A directory, daemons that copy it, a server and a database, all in processes of their own, killed and stopped at random. Start with
 * {@link miroir.kills.MirrorKillings}. */
@NullMarked
package miroir.kills;

import org.jspecify.annotations.NullMarked;
