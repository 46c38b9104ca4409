/** The store's port on MongoDB: one class per query or write, named by its verb, and an adapter that does nothing but
 * call them. Start with {@link miroir.storage.MongoResourceStore}; {@code docs/storage.md} tells what is stored. */
@NullMarked
package miroir.storage;

import org.jspecify.annotations.NullMarked;
