/** HAPI's validator behind {@link miroir.server.validation.ResourceValidator}. A server finds it where this is on its class path, and
 * loads nothing of it before the first request needs it. */
@NullMarked
package miroir.validation;

import org.jspecify.annotations.NullMarked;
