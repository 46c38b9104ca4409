/**
 * What each kind of request costs beside its limit: the bare driver and our renderer in a bare servlet, doing the same work in the same run. Start with {@link
 * miroir.benchmarks.operations.Comparison}.
 */
@NullMarked
package miroir.benchmarks.operations;

import org.jspecify.annotations.NullMarked;
