/** The rows of views of SQL on FHIR as bytes. Which views have a name is known to {@link miroir.storage.views.StoredViews}; what is asked about them is answered in {@link miroir.server.fhir}. */
@NullMarked
package miroir.server.views;

import org.jspecify.annotations.NullMarked;
