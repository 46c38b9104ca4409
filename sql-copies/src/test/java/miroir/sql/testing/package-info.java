/** What tests of copies need: a PostgreSQL of their own, and something to copy. */
@org.jspecify.annotations.NullMarked
package miroir.sql.testing;
