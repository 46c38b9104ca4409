/** What processes that share work in a database write down about it: documents under names, and who may write them. Start with
 * {@link miroir.storage.ledger.Ledger}. */
@NullMarked
package miroir.storage.ledger;

import org.jspecify.annotations.NullMarked;
