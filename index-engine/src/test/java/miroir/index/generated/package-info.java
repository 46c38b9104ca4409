/** How files that are generated and committed are made and kept true: {@link miroir.index.generated.GeneratedFile}
 * compares, {@code -Dregenerate} writes. */
@NullMarked
package miroir.index.generated;

import org.jspecify.annotations.NullMarked;
