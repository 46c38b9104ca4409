/** What is done to a copy: tables are filled, changes followed, both compared. Start with {@link miroir.sql.copy.KeepCopy}. */
@NullMarked
package miroir.sql.copy;

import org.jspecify.annotations.NullMarked;
