/** What every request meets before and after FHIR: an id, the check of its host, who asks, what is asked, limits, log
 * and metrics. {@link miroir.server.pipeline.RequestPipeline} has them all in one method, in order. */
@NullMarked
package miroir.server.pipeline;

import org.jspecify.annotations.NullMarked;
