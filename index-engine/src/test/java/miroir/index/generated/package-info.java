/** How files that are generated and committed are made and kept true: {@link miroir.index.generated.GeneratedFile}
 * compares, {@code -Dregenerate} writes. {@link miroir.index.generated.Proves} is what the page of features is made from. */
@NullMarked
package miroir.index.generated;

import org.jspecify.annotations.NullMarked;
