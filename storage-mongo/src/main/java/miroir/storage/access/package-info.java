/** What is written down of those who may do something: the register of access, and open sessions. */
@NullMarked
package miroir.storage.access;

import org.jspecify.annotations.NullMarked;
