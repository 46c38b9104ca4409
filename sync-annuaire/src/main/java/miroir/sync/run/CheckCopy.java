package miroir.sync.run;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import miroir.index.Refusal;
import miroir.index.store.ResourceKey;
import miroir.storage.Mirrored;
import miroir.storage.MirroredResources;
import miroir.storage.sync.Cause;
import miroir.storage.sync.Definition;
import miroir.storage.sync.Piece;
import miroir.storage.sync.Synchronisation;
import miroir.storage.sync.Window;
import miroir.sync.run.RunEnded.Why;
import miroir.sync.upstream.Entry;
import miroir.sync.upstream.OnBehalf;
import miroir.sync.upstream.Page;
import miroir.sync.upstream.TolerantReader;
import miroir.sync.upstream.Upstream;
import miroir.sync.window.Pass;
import miroir.sync.window.SplitWindow;
import org.jspecify.annotations.Nullable;

/**
 * Holds the copy against the upstream, and writes nothing but a collection of ids that it removes again.
 *
 * <p>The upstream goes on changing, and the copy is as it was at its mark. So what the upstream stamped since then, less the
 * overlap, and is not the same here, is behind and not different: the next run takes it over. What is gone there has no stamp.
 * Only a full pass sees it, so unless the last run was one it is behind as well. What was erased here, or cannot be stored, is not
 * expected here, and counted apart.
 */
public final class CheckCopy {
    private static final String SEEN = "check-";
    private static final int TRIES = 5;
    private static final int TRIES_BEFORE_CUTTING = 2;

    /** Nobody else writes what one comparison saw: it needs no lease. */
    private static final Instant WITHOUT_END = Instant.parse("9999-12-31T00:00:00Z");

    private final Definition definition;
    private final Upstream upstream;
    private final AskByIds askByIds;
    private final MirroredResources mirrored;
    private final TolerantReader reader;
    private final RunSettings settings;
    private final OnBehalf whom;
    private final long rejected;
    private final @Nullable Instant since;
    private final boolean removedAll;

    /**
     * For one copy.
     *
     * @param copy how it is; null where nothing is known of it
     * @param rejected how many resources the last run that rejected any could not store
     */
    public CheckCopy(
            Definition definition,
            @Nullable Synchronisation copy,
            long rejected,
            Upstream upstream,
            MirroredResources mirrored,
            TolerantReader reader,
            RunSettings settings,
            BooleanSupplier stopped) {
        this.definition = definition;
        this.upstream = upstream;
        this.rejected = rejected;
        this.whom = stopped::getAsBoolean;
        this.askByIds = new AskByIds(definition, upstream, whom);
        this.mirrored = mirrored;
        this.reader = reader;
        this.settings = settings;
        Instant mark = copy == null ? null : copy.mark();
        this.since = mark == null ? null : mark.minus(definition.overlap());
        this.removedAll = copy == null || mark == null || mark.equals(copy.lastFull());
    }

    /** For a copy that should be as the upstream is now: whatever is not the same differs. */
    public CheckCopy(
            Definition definition,
            Upstream upstream,
            MirroredResources mirrored,
            TolerantReader reader,
            RunSettings settings,
            BooleanSupplier stopped) {
        this(definition, null, 0, upstream, mirrored, reader, settings, stopped);
    }

    /**
     * What was found.
     *
     * @param there how many the upstream has
     * @param here how many the copy has
     * @param compared how many were held against each other
     * @param differences of those; the first ones are named
     * @param behind what changed there since the copy's mark, and is not the same here yet
     * @param leftOut of those that are there, what was erased here or cannot be stored, as far as it was met
     */
    public record Report(
            Definition definition,
            long there,
            long here,
            long compared,
            long differences,
            long behind,
            long leftOut,
            List<String> named) {
        public boolean isEqual() {
            return differences == 0;
        }
    }

    /** Whether ids were marked as seen by a comparison that began before that instant, and not by a run. */
    public static boolean isOfOneBefore(Instant instant, String marks) {
        return marks.matches(SEEN + "\\d{1,18}-.*") && Long.parseLong(marks.split("-", -1)[1]) < instant.toEpochMilli();
    }

    /** Whether ids were marked as seen by a comparison. */
    public static boolean isOfOne(String marks) {
        return marks.startsWith(SEEN);
    }

    /** Counts, and compares so many that are drawn among all. */
    public Report sample(int size, Random random) {
        Findings found = new Findings();
        askFor(draw(size, random), found);
        compareCounts(found);
        return report(found);
    }

    /** A sample cannot tell what is there and not here: only the counts can. */
    private void compareCounts(Findings found) {
        long more = unexplained(total("") - owned());
        Instant from = since;
        long changed = from == null ? 0 : total(new Window(from, Window.FOREVER).query());
        if (more > changed) {
            found.add(more + " more are there than here, and only " + changed + " changed since the copy's mark");
        } else if (more > 0) {
            found.behind(more);
        } else if (more < 0) {
            gone(-more, -more + " more are here than there", found);
        }
    }

    /** What was erased or rejected accounts for so many that are there and not here. */
    private long unexplained(long more) {
        return more <= 0 ? more : Math.max(0, more - rejected - mirrored.erased(definition.type()));
    }

    /** Compares everything, both ways. */
    public Report complete() {
        Findings found = new Findings();
        String seen = SEEN + InstantSource.system().millis() + "-" + UUID.randomUUID();
        try {
            Instant now = upstream.count(definition.type(), definition.query(""), whom)
                    .date();
            for (Piece piece : counting().orInOnePiece(() -> pieces(now))) {
                read(piece, seen, found);
            }
            String after = "";
            for (List<String> owned = owned(after); !owned.isEmpty(); owned = owned(after)) {
                askFor(mirrored.unseen(seen, owned), found);
                after = owned.get(owned.size() - 1);
            }
            return report(found);
        } finally {
            mirrored.forgetSeen(seen);
        }
    }

    /** Links die here as they do for runs: the window is read again, and then in halves. */
    private void read(Piece piece, String seen, Findings found) {
        String missing = "";
        for (int attempt = 1; attempt <= TRIES; attempt++) {
            Findings part = new Findings();
            missing = new ReadWindow(definition, upstream, whom, page -> take(page, seen, part))
                    .run(piece)
                    .map(Cause::text)
                    .orElse("");
            if (missing.isEmpty()) {
                found.and(part);
                return;
            }
            if (attempt == TRIES_BEFORE_CUTTING && piece.isDivisible()) {
                SplitWindow.split(piece.window(), this::count, piece.count() / 2)
                        .forEach(half -> read(half, seen, found));
                return;
            }
        }
        throw new RunEnded(
                Why.INCOMPLETE,
                piece.window().query() + " was read " + TRIES + " times and never complete: " + missing);
    }

    private void take(Page page, String seen, Findings found) {
        compare(page.entries(), found);
        mirrored.markSeen(seen, page.entries().stream().map(Entry::id).toList(), WITHOUT_END);
    }

    private Report report(Findings found) {
        return found.report(definition, total(""), owned());
    }

    private void askFor(List<String> all, Findings found) {
        askByIds.each(all, (ids, page) -> {
            compare(page.entries(), found);
            Set<String> absent = new LinkedHashSet<>(ids);
            page.entries().forEach(entry -> absent.remove(entry.id()));
            absent.forEach(id -> gone(1, id + " is here and not there", found));
        });
    }

    private void gone(long count, String difference, Findings found) {
        if (removedAll) {
            found.add(difference);
        } else {
            found.behind(count);
        }
    }

    private void compare(List<Entry> entries, Findings found) {
        List<Mirrored> known = new ArrayList<>();
        List<Mirrored> fresh = new ArrayList<>();
        Set<String> erased = mirrored.erased(
                definition.type(), entries.stream().map(Entry::id).toList());
        for (Entry entry : entries) {
            if (erased.contains(entry.id())) {
                found.leftOut(1);
                continue;
            }
            try {
                Mirrored there = new Mirrored(
                        new ResourceKey(entry.type(), entry.id()), reader.read(entry.json()), entry.updated());
                (isFresh(entry) ? fresh : known).add(there);
            } catch (Refusal refusal) {
                found.leftOut(1);
            }
        }
        found.compared(entries.size());
        differing(known).forEach(found::add);
        found.behind(differing(fresh).size());
    }

    private boolean isFresh(Entry entry) {
        return since != null && !entry.updated().isBefore(since);
    }

    private List<String> differing(List<Mirrored> there) {
        return mirrored.differing(definition.name(), definition.type(), there);
    }

    private List<String> draw(int size, Random random) {
        List<String> drawn = new ArrayList<>();
        long met = 0;
        String after = "";
        for (List<String> owned = owned(after); !owned.isEmpty(); owned = owned(after)) {
            for (String id : owned) {
                met++;
                if (drawn.size() < size) {
                    drawn.add(id);
                } else {
                    long place = (long) (random.nextDouble() * met);
                    if (place < size) {
                        drawn.set((int) place, id);
                    }
                }
            }
            after = owned.get(owned.size() - 1);
        }
        return drawn;
    }

    private List<String> owned(String after) {
        return mirrored.owned(definition.name(), definition.type(), after, 1_000);
    }

    private long owned() {
        return mirrored.owned(definition.name(), definition.type());
    }

    private List<Piece> pieces(Instant now) {
        List<Piece> pieces = new ArrayList<>();
        for (Window window : new Pass.Full(now, "to compare").windows()) {
            pieces.addAll(SplitWindow.split(window, this::count, settings.window()));
        }
        return pieces;
    }

    private long count(Window window) {
        return counting().count(window);
    }

    private CountWindow counting() {
        return new CountWindow(definition, upstream, whom);
    }

    private long total(String query) {
        return upstream.total(definition.type(), definition.query(query), whom);
    }
}
