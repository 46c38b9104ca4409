package miroir.server.fhir;

import java.util.ArrayList;
import java.util.List;
import miroir.index.store.ResourceVersion;
import miroir.server.pipeline.WorkingMemory;

/**
 * What is on a page about people.
 *
 * @param window of which it is a part
 * @param offset how many of the window come before it
 * @param people best first
 * @param included their roles, and the places of these
 * @param cut whether some of these are left out
 */
record DirectoryPage(
        CollectWindow.Window window,
        int offset,
        List<Person> people,
        List<ResourceVersion.Live> included,
        boolean cut,
        WorkingMemory.Held held)
        implements ReadSettled.Holding {
    private static final String NOT_ALL = "not all roles and places are here, since there are too many; a smaller"
            + " _count has all of fewer people";

    /** Somebody who is shown. */
    record Person(CollectWindow.Found found, ResourceVersion.Live version) {}

    /** The entries of the bundle, people first. */
    List<Answer.Entry> entries(int most) {
        List<Answer.Entry> entries = new ArrayList<>();
        people.forEach(each -> entries.add(
                new Answer.RankedMatch(each.version(), each.found().rank().score())));
        included.forEach(each -> entries.add(new Answer.Included(each)));
        if (cut) {
            entries.add(new Answer.Warnings("incomplete", List.of(NOT_ALL)));
        }
        if (window.start().wide()) {
            entries.add(new Answer.Warnings(Answer.Warnings.INFORMATIONAL, List.of(tooWide(most))));
        }
        return entries;
    }

    private static String tooWide(int most) {
        return "the question is too wide to be ranked as a whole: it finds more than " + most
                + " people, who are ranked " + most
                + " at a time (search.maximumRanked), those who are called exactly so first;"
                + " one criterion more ranks fewer";
    }

    /** Where the page before this one is; the beginning where this is the first. */
    boolean isFirst() {
        return offset == 0 && window.start().isBeginning();
    }

    boolean isLast() {
        return !window.more() && offset + people.size() >= window.people().size();
    }

    /** Where the next page begins. */
    WindowPlace next() {
        int end = offset + people.size();
        return end < window.people().size() ? window.start().at(end) : window.next();
    }
}
