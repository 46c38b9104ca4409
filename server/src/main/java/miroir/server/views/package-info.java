/**
 * Views of SQL on FHIR: those that an installation has in {@code conf/views}, and the rows that are made of them. What is asked about them is answered in
 * {@link miroir.server.fhir}.
 */
@NullMarked
package miroir.server.views;

import org.jspecify.annotations.NullMarked;
