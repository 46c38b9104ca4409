/** The executable: reads the environment and the configuration, opens the store, starts Jetty, stops cleanly. What a
 * request meets on its way is in {@link miroir.server.pipeline}, what FHIR means is in {@link miroir.server.fhir}. */
@NullMarked
package miroir.server;

import org.jspecify.annotations.NullMarked;
