/**
 * The pages for people: home, and the administrators' console. What changes anything goes through {@code /admin/api}'s own actions.
 */
@NullMarked
package miroir.server.console;

import org.jspecify.annotations.NullMarked;
