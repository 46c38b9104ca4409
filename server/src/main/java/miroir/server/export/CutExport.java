package miroir.server.export;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import miroir.index.Refusal;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.storage.Committed;
import miroir.storage.DeletionsPage;
import org.bson.BsonDocument;

/**
 * Cuts an export into files, and counts what is in them.
 *
 * <p>The problem: an export of millions of resources takes long, servers are stopped meanwhile, and what it shows is of one moment.
 *
 * <p>The approach: nothing is copied. The store shows every resource as it was at a settled instant, whenever it is asked. So a file is no more than a stretch of the positions of a type, and
 * to make it is to say where it begins and ends, and how many resources in between are exported. Where it ends the index of positions says; the number is a count as at the instant. After each
 * stretch it is written down how far this is, by whoever has the lease. Another server goes on from there, and cuts the rest at the same instant.
 *
 * <p>Stretches are cut by the resources of the type, whatever is exported of them. Those of which a search leaves a few are put together, so that files are neither many nor empty. A stretch
 * that cannot be counted in the time that a question for it has later is halved. After some seconds it is another export's turn.
 *
 * <p>The cost: keys of an index while nothing has changed since the instant, else the versions that are as old. Why files are not written out: docs/adr/0060-exports-that-are-not-written.md.
 */
final class CutExport {
    static final int DELETIONS_IN_A_BUNDLE = 1_000;

    private static final long ANY_WIDTH = Long.MAX_VALUE / 4;

    /** All of them stand in one document, which is written anew with each. */
    private static final int MOST_FILES = 5_000;

    private final ExportSearch search;
    private final Asked asked;
    private final Caller caller;
    private final int resources;
    private final Holding holding;
    private final List<ExportFile> files;
    private Export.Place place;

    /** What is written down of an export is written by who has it. */
    interface Holding {
        /** Returns while it is still this server's to go on. */
        void goesOn();

        /** Writes it down; refused where another server has it. */
        void write(BsonDocument fields);
    }

    /**
     * Goes on with one.
     *
     * @param resources how many a file has
     */
    CutExport(ExportSearch search, Export export, int resources, Holding holding) {
        this.search = search;
        this.asked = export.asked();
        this.caller = search.caller(asked);
        this.resources = resources;
        this.holding = holding;
        this.files = new ArrayList<>(export.files());
        this.place = export.place();
    }

    /** Goes on with it until then, by a stretch at least; whether it is complete. */
    boolean run(Deadline until) {
        search.requireSame(asked, caller);
        while (!place.type().isEmpty()) {
            String type = place.type();
            if (!cutResources(search.of(asked, type, caller), until)) {
                return false;
            }
            cutDeletions(type, following(type));
        }
        holding.write(new BsonDocument(Export.STATE, Export.State.COMPLETE.bson()));
        return true;
    }

    private Export.Place following(String type) {
        int next = asked.types().indexOf(type) + 1;
        return new Export.Place(next < asked.types().size() ? asked.types().get(next) : "", 0);
    }

    /** Behind what is the last position by now there is nothing as old as the instant. */
    private boolean cutResources(ExportSearch.Selection of, Deadline until) {
        long last = search.store().lastPosition(of.type());
        Strides strides = new Strides(ANY_WIDTH);
        while (place.after() < last) {
            holding.goesOn();
            cutOne(of, last, strides);
            if (until.remaining().isNegative()) {
                return false;
            }
        }
        return true;
    }

    private void cutOne(ExportSearch.Selection of, long last, Strides strides) {
        long after = place.after();
        long upTo = strides.end(after, last);
        try {
            upTo = Math.min(
                    upTo,
                    search.store()
                            .positionAfter(of.type(), after, resources, search.deadline())
                            .orElse(last));
            long count = search.count(asked, of, caller, after, upTo, search.deadline());
            add(new ExportFile(ExportFile.Kind.RESOURCES, of.type(), 0, after, upTo, count));
            strides.done();
        } catch (Refusal refused) {
            strides.halve(after, upTo, refused);
        }
    }

    private void add(ExportFile stretch) {
        Export.Place reached = new Export.Place(stretch.type(), stretch.upTo());
        ExportFile last = files.isEmpty() ? null : files.get(files.size() - 1);
        if (stretch.count() == 0) {
            holding.write(Export.cut(reached));
        } else if (last != null && last.takes(stretch, resources)) {
            files.set(files.size() - 1, last.and(stretch));
            holding.write(Export.cut(reached, files.size() - 1, files));
        } else {
            append(stretch, reached);
        }
        place = reached;
    }

    private void append(ExportFile file, Export.Place reached) {
        if (files.size() == MOST_FILES) {
            throw new Refusal(
                    Refusal.Reason.TOO_LARGE,
                    "it would have more than " + MOST_FILES
                            + " files; fewer with more resources are made where export.resources in server.yaml says so");
        }
        int number = files.isEmpty() ? 1 : files.get(files.size() - 1).numberOfNext(file);
        ExportFile numbered = new ExportFile(file.kind(), file.type(), number, file.after(), file.upTo(), file.count());
        files.add(numbered);
        holding.write(Export.cut(reached, files.size() - 1, files));
    }

    /** What was deleted is told to those who may see all of a type: a deletion has no content that could be among what somebody may see. */
    private void cutDeletions(String type, Export.Place next) {
        long bundles = asked.since() == null || !caller.seen().of(type).isAll() ? 0 : bundles(type);
        if (bundles == 0) {
            holding.write(Export.cut(next));
        } else {
            append(new ExportFile(ExportFile.Kind.DELETIONS, type, 0, 0, 0, bundles), next);
        }
        place = next;
    }

    private long bundles(String type) {
        Deletions deletions = new Deletions(search, asked, caller, type);
        long bundles = 0;
        while (!deletions.next(question -> question.ask(search.deadline())).isEmpty()) {
            holding.goesOn();
            bundles++;
        }
        return bundles;
    }

    /** Has the database asked. */
    interface Asking {
        DeletionsPage ask(ReadPages.Question<DeletionsPage> question);
    }

    /** The deletions of a type, bundle after bundle. */
    static final class Deletions {
        private final ExportSearch search;
        private final Asked asked;
        private final Caller caller;
        private final String type;
        private final Deque<Committed> waiting = new ArrayDeque<>();
        private DeletionsPage page = new DeletionsPage(List.of(), 0);

        Deletions(ExportSearch search, Asked asked, Caller caller, String type) {
            this.search = search;
            this.asked = asked;
            this.caller = caller;
            this.type = type;
        }

        /** Those of the next bundle; empty where there are no more. */
        List<Committed> next(Asking asking) {
            while (waiting.size() < DELETIONS_IN_A_BUNDLE && page.more()) {
                long after = page.reached();
                page = asking.ask(deadline -> search.deletions(asked, caller, type, after, deadline));
                waiting.addAll(page.deletions());
            }
            List<Committed> bundle = new ArrayList<>();
            while (bundle.size() < DELETIONS_IN_A_BUNDLE && !waiting.isEmpty()) {
                bundle.add(waiting.remove());
            }
            return bundle;
        }
    }
}
