/** How soon the server of the image answers on data that are there, and what memory it takes. */
@org.jspecify.annotations.NullMarked
package miroir.benchmarks.start;
