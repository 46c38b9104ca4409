/** How failures become HTTP: {@link miroir.server.failure.Failures} is the one place that knows status and issue code,
 * and everything that fails, in Jetty, in the pipeline or in HAPI, ends there. */
@NullMarked
package miroir.server.failure;

import org.jspecify.annotations.NullMarked;
