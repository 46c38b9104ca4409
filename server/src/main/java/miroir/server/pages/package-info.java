/** What the server says about itself outside of FHIR: the home page, health, metrics. */
@NullMarked
package miroir.server.pages;

import org.jspecify.annotations.NullMarked;
