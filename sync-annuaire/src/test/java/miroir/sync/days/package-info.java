/** Days of a simulated directory, and of a copy of it whose runs are hindered in every way. Start with {@link miroir.sync.days.MirrorDays}. */
@NullMarked
package miroir.sync.days;

import org.jspecify.annotations.NullMarked;
