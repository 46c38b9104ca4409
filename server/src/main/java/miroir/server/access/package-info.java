/** Who may do what: consumers, their tokens, and what is allowed to them. */
@NullMarked
package miroir.server.access;

import org.jspecify.annotations.NullMarked;
