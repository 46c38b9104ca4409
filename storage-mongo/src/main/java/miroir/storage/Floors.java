package miroir.storage;

import java.time.Instant;
import miroir.index.store.Deadline;

/** Where processes tell each other how far they are done. A floor says: I never again commit at or below this. */
interface Floors {

    /** All floors; what it shows is known to a majority and, with it, everything that was committed before. */
    FloorBoard look(Deadline deadline);

    /** Puts up a row, known to a majority before this returns, and shows the board with it. */
    FloorBoard take(String row, Instant floor, Instant until);

    /** Raises a floor; false where the row expired and is gone. */
    boolean publish(String row, Instant floor);

    /** Raises a floor and puts off the row's end, known to a majority; false where the row expired. */
    boolean renew(String row, Instant floor, Instant until);

    /** Takes a row down. */
    void giveUp(String row);
}
