package miroir.storage;

import java.time.Instant;
import miroir.index.store.Deadline;

/**
 * Where processes tell each other how far they are done. A floor says: I never again commit at or below this. The number beside it
 * says: nor with search fields of a lower one.
 */
interface Floors {

    /** All floors; what it shows is known to a majority and, with it, everything that was committed before. */
    FloorBoard look(Deadline deadline);

    /**
     * Puts up a row, known to a majority before this returns, and shows the board with it. Where the board is closed for the number
     * that is promised no row is put up.
     */
    FloorBoard take(String row, Promise promise, Instant until);

    /** Raises a floor; false where the row expired and is gone. */
    boolean publish(String row, Promise promise);

    /** Raises a floor and puts off the row's end, known to a majority; false where the row expired. */
    boolean renew(String row, Promise promise, Instant until);

    /** Whether nobody commits below a number of what is searched any more; if so, that is so for ever. */
    boolean close(long number);

    /** Takes a row down. */
    void giveUp(String row);
}
