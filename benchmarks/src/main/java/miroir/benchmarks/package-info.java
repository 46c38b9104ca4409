/** What things cost: JMH for the hot core, and a load harness that runs the whole server against HAPI's ordinary path
 * and against a bare servlet. Start with {@link miroir.benchmarks.operations.OperationsMain}. */
@NullMarked
package miroir.benchmarks;

import org.jspecify.annotations.NullMarked;
