/**
 * How quickly a directory is taken in, held against the bare driver. Start with {@link miroir.benchmarks.ingest.IngestBenchmark}.
 */
@NullMarked
package miroir.benchmarks.ingest;

import org.jspecify.annotations.NullMarked;
