/** FHIR XML in and out without a model: XML to the BSON that is stored and back, by the structure tables. Start with
 * {@link miroir.index.xml.ResourceXmlReader} and {@link miroir.index.xml.ResourceXmlWriter}. */
@NullMarked
package miroir.index.xml;

import org.jspecify.annotations.NullMarked;
