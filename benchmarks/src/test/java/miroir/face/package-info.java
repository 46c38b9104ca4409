/** The pages for people, in a browser: Debian's Chromium, without a window. */
@NullMarked
package miroir.face;

import org.jspecify.annotations.NullMarked;
