/** The rules that hold the whole code base in shape, told by tests. They stand in the last module, which sees all
 * others. */
@NullMarked
package miroir.architecture;

import org.jspecify.annotations.NullMarked;
