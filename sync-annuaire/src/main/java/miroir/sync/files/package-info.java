/** Resources that lie in files. Start with {@link miroir.sync.files.ResourceFiles}. */
@NullMarked
package miroir.sync.files;

import org.jspecify.annotations.NullMarked;
