/** The two formats of FHIR: which one a client asks for and which one it sends, and how what is not a stored resource is
 * written in either. Start with {@link miroir.server.format.AnswerFormat}. */
@NullMarked
package miroir.server.format;

import org.jspecify.annotations.NullMarked;
