package miroir.sync.run;

import java.util.List;
import java.util.function.Supplier;
import miroir.storage.sync.Cause;
import miroir.storage.sync.Definition;
import miroir.storage.sync.Piece;
import miroir.storage.sync.Window;
import miroir.sync.run.RunEnded.Why;
import miroir.sync.upstream.OnBehalf;
import miroir.sync.upstream.Page;
import miroir.sync.upstream.Upstream;
import miroir.sync.upstream.UpstreamFailed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many resources a window holds.
 *
 * <p>A wrong count costs a second reading, since what is read is held against a total of its own. But what counts as nothing is not
 * read at all, and a single wrong 0 would leave out all that the window has. So a 0 is believed only where the first page is empty too.
 */
final class CountWindow {
    private static final Logger LOG = LoggerFactory.getLogger(CountWindow.class);
    private static final int TRIES = 5;

    private final Definition definition;
    private final Upstream upstream;
    private final OnBehalf whom;

    CountWindow(Definition definition, Upstream upstream, OnBehalf whom) {
        this.definition = definition;
        this.upstream = upstream;
        this.whom = whom;
    }

    long count(Window window) {
        String query = definition.query(window.query());
        UpstreamFailed last = null;
        for (int attempt = 1; attempt <= TRIES; attempt++) {
            long count = upstream.total(definition.type(), query, whom);
            if (count > 0) {
                return count;
            }
            try {
                if (isEmpty(query)) {
                    return 0;
                }
                last = null;
            } catch (UpstreamFailed failed) {
                last = unlessItIsThePage(failed).after(last == null ? 0 : last.retries());
            }
        }
        throw last != null ? last : neverEmpty(window);
    }

    private static RunEnded neverEmpty(Window window) {
        String text = window.query() + " was counted " + TRIES + " times as 0, and its first page was never empty";
        return new RunEnded(Why.INCOMPLETE, Cause.of(Cause.Kind.COUNTED_EMPTY, text, TRIES));
    }

    /** A page that does not come says nothing of what the window holds, and may come the next time; anything else is the end. */
    private static UpstreamFailed unlessItIsThePage(UpstreamFailed failed) {
        if (failed.kind() != UpstreamFailed.Kind.DEAD_LINK) {
            throw failed;
        }
        return failed;
    }

    /**
     * The windows; or everything in one piece, page after page, where the upstream refuses windows that reach so far back. The
     * directory says that no delta may exceed 30 days, and documents a load that is asked for without any window.
     */
    List<Piece> orInOnePiece(Supplier<List<Piece>> windows) {
        try {
            return windows.get();
        } catch (UpstreamFailed refused) {
            if (refused.kind() != UpstreamFailed.Kind.QUESTION_REFUSED) {
                throw refused;
            }
            String words = "read in one piece, for windows are refused: " + refused.reason();
            LOG.warn("{}: {}", definition.name(), words);
            whom.hears(words);
            return List.of(new Piece(Window.ALWAYS, count(Window.ALWAYS)));
        }
    }

    private boolean isEmpty(String query) {
        Page page = upstream.first(definition.type(), query, whom);
        return page.entries().isEmpty() && page.next() == null;
    }
}
