/** {@code $validate} as far as it needs no library: what a validator is, when it is loaded, and how much of it there is at once. The
 * validator itself is an optional part of its own, found when it is first needed. */
@NullMarked
package miroir.server.validation;

import org.jspecify.annotations.NullMarked;
