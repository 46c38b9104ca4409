package miroir.sync.run;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import miroir.index.Refusal;
import miroir.index.store.ResourceKey;
import miroir.storage.Mirrored;
import miroir.storage.MirroredResources;
import miroir.sync.state.Definition;
import miroir.sync.upstream.Entry;
import miroir.sync.upstream.Page;
import miroir.sync.upstream.TolerantReader;
import miroir.sync.upstream.Upstream;
import miroir.sync.window.Pass;
import miroir.sync.window.SplitWindow;
import miroir.sync.window.SplitWindow.Piece;
import miroir.sync.window.Window;

/** Holds the copy against the upstream, and writes nothing but a collection of ids that it removes again. */
public final class CheckCopy {
    private static final String SEEN = "check-";
    private static final int AT_ONCE = 50;
    private static final int SHOWN = 100;

    /** Nobody else writes what one comparison saw: it needs no lease. */
    private static final Instant WITHOUT_END = Instant.parse("9999-12-31T00:00:00Z");

    private final Definition definition;
    private final Upstream upstream;
    private final MirroredResources mirrored;
    private final TolerantReader reader;
    private final RunSettings settings;
    private final BooleanSupplier stopped;

    public CheckCopy(
            Definition definition,
            Upstream upstream,
            MirroredResources mirrored,
            TolerantReader reader,
            RunSettings settings,
            BooleanSupplier stopped) {
        this.definition = definition;
        this.upstream = upstream;
        this.mirrored = mirrored;
        this.reader = reader;
        this.settings = settings;
        this.stopped = stopped;
    }

    /**
     * What was found.
     *
     * @param there how many the upstream has
     * @param here how many the copy has
     * @param compared how many were held against each other
     * @param differences of those; the first ones are named
     */
    public record Report(
            Definition definition, long there, long here, long compared, long differences, List<String> named) {
        public boolean isEqual() {
            return there == here && differences == 0;
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
        Found found = new Found();
        List<String> drawn = draw(size, random);
        for (int from = 0; from < drawn.size(); from += AT_ONCE) {
            List<String> ids = drawn.subList(from, Math.min(from + AT_ONCE, drawn.size()));
            Page page = upstream.ofIds(definition.type(), ids, definition.filter(), stopped);
            compare(page.entries(), found);
            List<String> gone = new ArrayList<>(ids);
            page.entries().forEach(entry -> gone.remove(entry.id()));
            gone.forEach(id -> found.add(id + " is here and not there"));
        }
        return found.report();
    }

    /** Compares everything, both ways. */
    public Report complete() {
        Found found = new Found();
        String seen = SEEN + InstantSource.system().millis() + "-" + UUID.randomUUID();
        try {
            for (Window window : new Pass.Full(date(), "to compare").windows()) {
                for (Piece piece : SplitWindow.split(window, this::count, settings.window())) {
                    new ReadWindow(definition, upstream, stopped, page -> {
                                compare(page.entries(), found);
                                mirrored.markSeen(
                                        seen,
                                        page.entries().stream().map(Entry::id).toList(),
                                        WITHOUT_END);
                            })
                            .run(piece)
                            .ifPresent(missing -> found.add(piece.window() + ": " + missing));
                }
            }
            String after = "";
            for (List<String> owned = owned(after); !owned.isEmpty(); owned = owned(after)) {
                mirrored.unseen(seen, owned).forEach(id -> found.add(id + " is here and not there"));
                after = owned.get(owned.size() - 1);
            }
            return found.report();
        } finally {
            mirrored.forgetSeen(seen);
        }
    }

    private final class Found {
        private long compared;
        private long differences;
        private final List<String> named = new ArrayList<>();

        void add(String difference) {
            differences++;
            if (named.size() < SHOWN) {
                named.add(difference);
            }
        }

        Report report() {
            Long there = upstream.count(definition.type(), definition.query(""), stopped)
                    .total();
            return new Report(
                    definition,
                    there == null ? -1 : there,
                    mirrored.owned(definition.name(), definition.type()),
                    compared,
                    differences,
                    List.copyOf(named));
        }
    }

    private void compare(List<Entry> entries, Found found) {
        List<Mirrored> there = new ArrayList<>();
        for (Entry entry : entries) {
            try {
                there.add(new Mirrored(
                        new ResourceKey(entry.type(), entry.id()), reader.read(entry.json()), entry.updated()));
            } catch (Refusal refusal) {
                found.add(entry.id() + " cannot be stored: " + refusal.getMessage());
            }
        }
        found.compared += entries.size();
        mirrored.differing(definition.name(), definition.type(), there).forEach(found::add);
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

    private Instant date() {
        return upstream.count(definition.type(), definition.query(""), stopped).date();
    }

    private long count(Window window) {
        Long total = upstream.count(definition.type(), definition.query(window.query()), stopped)
                .total();
        return total == null ? 0 : total;
    }
}
