package miroir.sync.window;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Cuts a window into pieces that can be read in parallel, retried and resumed.
 *
 * <p>The upstream has no sort, and its next links die; whatever goes wrong in a chain of pages, the chain must be read
 * again from its start. So chains must be short: at most so many resources. Where to cut is not known beforehand,
 * because loads stamp a hundred thousand resources within minutes and then none for days. But counting is cheap
 * ({@code _total=accurate&_count=0}), so a piece that holds too many is cut in the middle and its halves are counted,
 * again and again. Halving needs at most 2 × 40 counts for each piece kept, however the stamps cluster, and no
 * assumption about them; cutting in proportion would need fewer on even data, and the data is not even.
 *
 * <p>Counting and reading are not one transaction. A resource that changes in between gets a stamp after the window
 * and leaves its piece; none can enter, since the window ended before the first count. So a piece that is empty when
 * counted stays empty and is not read.
 */
public final class SplitWindow {

    /**
     * A part of the window to read as one chain of pages.
     *
     * @param count how many resources it held when counted; more than asked for only where the window is the narrowest
     */
    public record Piece(Window window, long count) {}

    private final ToLongFunction<Window> counter;
    private final long most;

    private SplitWindow(ToLongFunction<Window> counter, long most) {
        this.counter = counter;
        this.most = most;
    }

    /**
     * The parts of the window that hold anything, from the earliest to the latest.
     *
     * @param counter the exact number of resources in a window
     * @param most how many resources a piece may hold
     */
    public static List<Piece> split(Window whole, ToLongFunction<Window> counter, long most) {
        if (most < 1) {
            throw new IllegalArgumentException("most is " + most + "; allowed is 1 or more");
        }
        List<Piece> pieces = new ArrayList<>();
        new SplitWindow(counter, most).collect(whole, pieces);
        return List.copyOf(pieces);
    }

    /** As deep as a window can be halved, which is 48 times for all of time. */
    private void collect(Window window, List<Piece> pieces) {
        long count = counter.applyAsLong(window);
        if (count <= most || window.isNarrowest()) {
            if (count > 0) {
                pieces.add(new Piece(window, count));
            }
            return;
        }
        collect(window.earlierHalf(), pieces);
        collect(window.laterHalf(), pieces);
    }
}
