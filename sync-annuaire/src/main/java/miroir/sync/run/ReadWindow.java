package miroir.sync.run;

import java.net.URI;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import miroir.storage.sync.Cause;
import miroir.storage.sync.Definition;
import miroir.storage.sync.Piece;
import miroir.sync.upstream.OnBehalf;
import miroir.sync.upstream.Page;
import miroir.sync.upstream.Upstream;
import miroir.sync.upstream.UpstreamFailed;
import miroir.sync.window.DistinctIds;
import org.jspecify.annotations.Nullable;

/**
 * Reads all pages of a window, and says whether that was all of it.
 *
 * <p>The upstream has no order that could be held against what came, its links die, its pages come twice or not at all. What
 * can be known is how many resources the search has: the total of the first page, which is that of the snapshot that all
 * pages are of. As many different ids as that, and the window is complete. Without a total the window is counted when it was
 * read: none can enter it, since it ended before the first count (but what arrives late, which the next delta's overlap is
 * for), so as many as are left in it, and no more than there were, is complete as well. The same where nothing came of a
 * window that held something: one answer alone is not enough for that.
 */
final class ReadWindow {
    private final Definition definition;
    private final Upstream upstream;
    private final OnBehalf whom;
    private final Consumer<Page> pages;

    ReadWindow(Definition definition, Upstream upstream, OnBehalf whom, Consumer<Page> pages) {
        this.definition = definition;
        this.upstream = upstream;
        this.whom = whom;
        this.pages = pages;
    }

    /** Why the window is not complete; empty where it is. */
    Optional<Cause> run(Piece piece) {
        try {
            return read(piece).map(Cause::unknown);
        } catch (UpstreamFailed failed) {
            if (failed.kind() == UpstreamFailed.Kind.DEAD_LINK) {
                return Optional.of(failed.why());
            }
            throw failed;
        }
    }

    private Optional<String> read(Piece piece) {
        DistinctIds ids = new DistinctIds();
        Set<URI> followed = new HashSet<>();
        Page page = upstream.first(
                definition.type(), definition.query(piece.window().query()), whom);
        Long total = page.total();
        while (true) {
            page.entries().forEach(entry -> ids.add(entry.id()));
            pages.accept(page);
            URI next = page.next();
            if (next == null) {
                return difference(piece, total, ids.count());
            }
            if (!followed.add(next)) {
                return Optional.of("a next link led back to where it came from");
            }
            if (ids.added() > 2 * Math.max(piece.count(), total == null ? 0 : total) + 1_000) {
                return Optional.of(
                        "the pages have no end: " + ids.added() + " resources, where there are " + piece.count());
            }
            page = upstream.next(definition.type(), next, whom);
        }
    }

    private Optional<String> difference(Piece piece, @Nullable Long total, int distinct) {
        boolean isEmptied = distinct == 0 && piece.count() > 0;
        if (total != null && !(isEmptied && total == 0)) {
            return total == distinct
                    ? Optional.empty()
                    : Optional.of(distinct + " different resources came, and the total is " + total);
        }
        long left = upstream.total(
                definition.type(), definition.query(piece.window().query()), whom);
        return distinct >= left && distinct <= piece.count()
                ? Optional.empty()
                : Optional.of(distinct + " different resources came, and there were " + piece.count()
                        + " before and are " + left + " now");
    }
}
