/** A small upstream that does what a test tells it. */
@NullMarked
package miroir.sync.testing;

import org.jspecify.annotations.NullMarked;
