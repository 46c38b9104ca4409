package miroir.sql.copy;

import java.util.function.BooleanSupplier;

/** Somebody wants this process to end. */
public final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private Stopped() {
        super("stopped", null, false, false);
    }

    static void unless(BooleanSupplier goesOn) {
        if (!goesOn.getAsBoolean()) {
            throw new Stopped();
        }
    }
}
