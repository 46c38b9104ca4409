package miroir.server.fhir;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import miroir.index.search.Order;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.Page;
import miroir.index.store.PagePosition;
import miroir.index.store.PageQuery;
import miroir.index.store.ResourceStore;
import miroir.index.store.ResourceVersion;
import miroir.server.directory.Rank;
import org.jspecify.annotations.Nullable;

/**
 * Collects people to be ranked, so many at most, and keeps of many no more than the rank.
 *
 * <p>Problem: a rank is known when somebody has been read, so who comes first is known when all have been. A question that finds ten
 * thousand cannot be answered so, and its pages must neither miss anybody nor show anybody twice, with a server that remembers nothing.
 *
 * <p>Approach: people are found in stages, in each in the order of the store, and are cut into windows of a fixed number. Where there are several windows the stages exclude each other; in a single one
 * who is found again is passed over, which is cheaper.
 * A window is ranked as a whole, and a page is a part of one window. Where all fit into one window, which is what a
 * selective question means, that is a ranking of all. Where they do not, better stages still come first; and each window can be found again from the position
 * where it begins, forward and backward, since all windows but the last are full.
 *
 * <p>Cost: a page reads its window again, as at the same instant; that is a few milliseconds for a hundred people.
 */
record CollectWindow(
        ResourceStore store,
        Caller caller,
        DirectoryStages asked,
        int most,
        @Nullable Instant asOf,
        Deadline deadline) {
    /** How many are in memory at once. */
    static final int BATCH = 200;

    /**
     * Somebody who was found.
     *
     * @param version what was read, where that was not more than is in memory at once
     */
    record Found(Rank rank, String id, int stage, long position, ResourceVersion.@Nullable Live version) {
        Found forgotten() {
            return new Found(rank, id, stage, position, null);
        }
    }

    /**
     * What was collected.
     *
     * @param people best first
     * @param start where the window begins
     * @param next where the next one does
     * @param more whether there is a next one
     */
    record Window(List<Found> people, WindowPlace start, WindowPlace next, boolean more) {
        Window {
            people = List.copyOf(people);
        }
    }

    /** The window that begins there. */
    Window from(WindowPlace start) {
        List<Found> people = new ArrayList<>();
        int stage = start.stage();
        long after = start.after();
        while (stage < asked.stages().size() && people.size() < most) {
            Page page = some(stage, Order.BY_POSITION, after == 0 ? null : at(after), most - people.size());
            add(page, stage, people);
            after = page.more() ? last(page) : 0;
            stage += page.more() ? 0 : 1;
        }
        WindowPlace next = new WindowPlace(start.wide(), stage, after, 0);
        return new Window(
                ranked(people),
                start.at(0),
                next,
                after > 0 || isSomebodyIn(stage, asked.stages().size()));
    }

    /** The window that ends there. */
    Window before(WindowPlace end) {
        List<Found> people = new ArrayList<>();
        int stage = end.after() == 0 ? end.stage() - 1 : end.stage();
        long before = end.after() == 0 ? 0 : end.after() + 1;
        while (stage >= 0 && people.size() < most) {
            Page page =
                    some(stage, Order.BY_POSITION.reversed(), before == 0 ? null : at(before), most - people.size());
            add(page, stage, people);
            before = page.more() ? last(page) : 0;
            stage -= page.more() ? 0 : 1;
        }
        Collections.reverse(people);
        boolean isFirst = before == 0 && !isSomebodyIn(0, stage + 1);
        WindowPlace start = people.isEmpty() || isFirst ? WindowPlace.BEGINNING_OF_MANY : startingWith(people.get(0));
        return new Window(ranked(people), start, end.at(0), true);
    }

    private static WindowPlace startingWith(Found first) {
        return new WindowPlace(true, first.stage(), first.position() - 1, 0);
    }

    private static long last(Page page) {
        return page.resources().get(page.resources().size() - 1).position();
    }

    private static PagePosition at(long position) {
        return new PagePosition(List.of(), position);
    }

    private boolean isSomebodyIn(int first, int end) {
        for (int stage = first; stage < end; stage++) {
            if (!some(stage, Order.BY_POSITION, null, 1).resources().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private Page some(int stage, Order order, @Nullable PagePosition after, int wanted) {
        return store.select(
                caller,
                new PageQuery(
                        ReadDirectoryQuestion.PRACTITIONER,
                        asked.stages().get(stage).where(),
                        order,
                        after,
                        Math.min(BATCH, wanted),
                        asOf,
                        deadline));
    }

    private void add(Page page, int stage, List<Found> people) {
        DirectoryStages.Stage met = asked.stages().get(stage);
        boolean areFew = people.size() + page.resources().size() <= BATCH;
        if (!areFew) {
            people.replaceAll(Found::forgotten);
        }
        Set<String> known = people.stream().map(Found::id).collect(Collectors.toSet());
        for (ResourceVersion.Live each : page.resources()) {
            if (known.contains(each.key().id())) {
                continue;
            }
            Rank rank = asked.rank().of(each.fhir(), each.key().id(), met.place(), met.near());
            people.add(new Found(rank, each.key().id(), stage, each.position(), areFew ? each : null));
        }
    }

    private static List<Found> ranked(List<Found> people) {
        return people.stream().sorted(Comparator.comparing(Found::rank)).toList();
    }
}
