/**
 * What is told of the directory as a whole, as pages for people and as rows for spreadsheets and programs: how good its data is, what changed, which
 * mailboxes there are. Everything is found through the store on behalf of whoever asks, so nobody is told of what he may not see.
 */
@NullMarked
package miroir.server.reports;

import org.jspecify.annotations.NullMarked;
