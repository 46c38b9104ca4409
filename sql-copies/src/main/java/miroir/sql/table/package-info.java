/** Views as tables: their names, columns and rows as SQL has them, in no dialect yet. Start with {@link miroir.sql.table.Table}. */
@NullMarked
package miroir.sql.table;

import org.jspecify.annotations.NullMarked;
