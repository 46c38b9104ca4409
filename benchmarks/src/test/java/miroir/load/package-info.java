/** Many clients at once, for long, and far more than the machine takes. Start with {@link miroir.load.LoadMix}. */
@NullMarked
package miroir.load;

import org.jspecify.annotations.NullMarked;
