package miroir.sync.window;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import miroir.storage.sync.Piece;
import miroir.storage.sync.Window;

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
 * <p>Counting and reading are not one transaction. A resource that changes in between leaves its piece, for its new stamp lies
 * behind the run's mark. And some enter pieces that were counted already, even one that was empty and is not read: those that
 * change, where the piece begins at the mark, and those that arrive late, with an earlier stamp. Nothing is lost by that, since
 * all of them are stamped after the mark, or before it by no more than the overlap, and there the next delta begins.
 *
 * <p>All this believes that the upstream selects by {@code _lastUpdated}. One that ignores the parameter gives every half the
 * count of the whole, and would be halved down to the last millisecond of all time; one that has no stamps on some of its
 * resources never gives those. So halves must add up to the whole, and all pieces to what there is without a window. They
 * never do exactly, because things change, and a count is wrong at times. So what does not add up is counted once more, and
 * refused if it still differs by half, or if more than a few are in no window; that there are a few is said when the run ends.
 */
public final class SplitWindow {
    private static final long FEW = 20;

    /** One in so many may change while all are counted. */
    private static final long MANY = 1_000;

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
        SplitWindow split = new SplitWindow(counter, most);
        try {
            return split.pieces(whole);
        } catch (UnevenCounts e) {
            return split.pieces(whole);
        }
    }

    private List<Piece> pieces(Window whole) {
        List<Piece> pieces = new ArrayList<>();
        collect(whole, counter.applyAsLong(whole), pieces);
        return List.copyOf(pieces);
    }

    /** Whether the parts hold all that there is, as far as can be told by counts of two moments. */
    public static boolean isAll(List<Piece> pieces, long total) {
        long sum = sum(pieces);
        return sum >= total && !isTooMuch(sum, total);
    }

    private static long sum(List<Piece> pieces) {
        return pieces.stream().mapToLong(Piece::count).sum();
    }

    /**
     * Holds the parts of everything against how much there is.
     *
     * @param total how many resources there were when the windows were not cut yet
     */
    public static void requireAll(List<Piece> pieces, long total) {
        long sum = sum(pieces);
        if (sum < total - Math.max(FEW, total / MANY) || isTooMuch(sum, total)) {
            throw new UnevenCounts("there are " + total + " resources, and " + sum
                    + " in all windows of _lastUpdated together: the upstream does not select all of them by it");
        }
    }

    /** As deep as a window can be halved, which is 48 times for all of time. */
    private void collect(Window window, long count, List<Piece> pieces) {
        if (count <= most || window.isNarrowest()) {
            if (count > 0) {
                pieces.add(new Piece(window, count));
            }
            return;
        }
        Window earlier = window.earlierHalf();
        Window later = window.laterHalf();
        long inEarlier = counter.applyAsLong(earlier);
        long inLater = counter.applyAsLong(later);
        if (isTooMuch(inEarlier + inLater, count)) {
            throw new UnevenCounts("there are " + count + " resources in " + window.query() + ", and in its halves "
                    + inEarlier + " and " + inLater + ": the upstream does not select by _lastUpdated");
        }
        collect(earlier, inEarlier, pieces);
        collect(later, inLater, pieces);
    }

    private static boolean isTooMuch(long sum, long whole) {
        return sum > whole + whole / 2 + FEW;
    }
}
