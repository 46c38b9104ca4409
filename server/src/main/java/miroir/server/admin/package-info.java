/** The administrators' side: who they are, and {@code /admin/api}, by which they say who may do what. */
@NullMarked
package miroir.server.admin;

import org.jspecify.annotations.NullMarked;
