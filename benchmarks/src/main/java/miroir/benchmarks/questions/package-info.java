/**
 * How long questions take that lead from practitioners over their roles to places, held against the bare driver. Start with {@link
 * miroir.benchmarks.questions.QuestionsBenchmark}.
 */
@NullMarked
package miroir.benchmarks.questions;

import org.jspecify.annotations.NullMarked;
