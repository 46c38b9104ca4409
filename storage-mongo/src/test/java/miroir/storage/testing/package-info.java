/** A real MongoDB for tests of this and other modules. Start with {@link miroir.storage.testing.MongoExtension}. */
@NullMarked
package miroir.storage.testing;

import org.jspecify.annotations.NullMarked;
