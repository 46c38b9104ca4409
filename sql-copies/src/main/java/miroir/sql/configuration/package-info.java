/** {@code conf/sql.yaml}. Start with {@link miroir.sql.configuration.SqlConfiguration}. */
@NullMarked
package miroir.sql.configuration;

import org.jspecify.annotations.NullMarked;
