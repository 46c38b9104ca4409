/** Value sets and code systems that are kept as resources: which codes they have, and which code subsumes which. What a query
 * asks of them is {@link miroir.index.search.Terminology}; start with {@link miroir.index.terminology.StoredTerminology}. */
@NullMarked
package miroir.index.terminology;

import org.jspecify.annotations.NullMarked;
