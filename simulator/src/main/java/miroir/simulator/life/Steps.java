package miroir.simulator.life;

import org.jspecify.annotations.Nullable;

/** Goes from one resource to the next. */
public interface Steps {
    /** The next one; null at the end. */
    @Nullable
    Standing next();

    /** From where another walk would go on with what comes next. */
    Position position();
}
