/** Bundles that are sent, as far as they can be understood without a store: their entries, what in them refers to each other, and
 * in which order a transaction does them. */
@NullMarked
package miroir.server.bundle;

import org.jspecify.annotations.NullMarked;
