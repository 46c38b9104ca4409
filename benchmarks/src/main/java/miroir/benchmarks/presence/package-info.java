/** What the console costs those who only read. */
@org.jspecify.annotations.NullMarked
package miroir.benchmarks.presence;
