/** What this server says of itself at {@code /metadata}: made from the registry and from what is offered, so that it
 * promises nothing else. Start with {@link miroir.server.metadata.Capabilities}. */
@NullMarked
package miroir.server.metadata;

import org.jspecify.annotations.NullMarked;
