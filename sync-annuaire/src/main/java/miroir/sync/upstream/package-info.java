/** Asks a FHIR server for its resources, knowing how such servers fail: slow, cut off, wrong, too busy. Start with
 * {@link miroir.sync.upstream.Upstream}. */
@NullMarked
package miroir.sync.upstream;

import org.jspecify.annotations.NullMarked;
