/** Telling people what is wrong who do not look: by e-mail and webhooks. */
@NullMarked
package miroir.server.alerts;

import org.jspecify.annotations.NullMarked;
