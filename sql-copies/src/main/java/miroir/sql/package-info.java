/** The commands of {@code ./miroir sql}: copies of views in other databases, filled, followed, compared. Start with {@link miroir.sql.SqlMain}. */
@NullMarked
package miroir.sql;

import org.jspecify.annotations.NullMarked;
