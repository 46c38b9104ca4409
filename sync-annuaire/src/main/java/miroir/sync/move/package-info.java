/**
 * Databases on their way elsewhere: everything of one as files of lines, as at one instant, and such files put into another one. Start with
 * {@link miroir.sync.move.ExportDatabase} and {@link miroir.sync.move.ImportDatabase}.
 */
@NullMarked
package miroir.sync.move;

import org.jspecify.annotations.NullMarked;
