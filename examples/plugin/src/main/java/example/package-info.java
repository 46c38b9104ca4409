/** What somebody writes who has a HAPI server already. */
@NullMarked
package example;

import org.jspecify.annotations.NullMarked;
