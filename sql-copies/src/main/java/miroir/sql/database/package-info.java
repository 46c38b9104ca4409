/** Databases that copies are kept in: one class for each dialect behind {@link miroir.sql.database.Target}, and what is written down there about the copy
 * ({@link miroir.sql.database.Ledger}). */
@NullMarked
package miroir.sql.database;

import org.jspecify.annotations.NullMarked;
