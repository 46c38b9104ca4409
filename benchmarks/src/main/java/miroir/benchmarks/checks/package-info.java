/** What it costs to find out who asks and what they may see. */
@NullMarked
package miroir.benchmarks.checks;

import org.jspecify.annotations.NullMarked;
