package miroir.index.store;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/**
 * Resources in the order that was asked for.
 *
 * @param resources of which it is not told how they came to be, as histories do
 * @param more whether at least one match follows the last of these
 * @param ends where the first and the last of them stand; empty where nothing is or where they are in no order
 */
public record Page(List<ResourceVersion.Live> resources, boolean more, List<PagePosition> ends) {
    /**
     * The stored bytes after which a page ends, however many resources were asked for: a client may ask for a thousand, a
     * resource may have megabytes, and all of a page is in memory, as BSON and as JSON. Half of the 16 MB that a database
     * sends in one batch, so that the batch that fills a page also shows whether more follows.
     */
    public static final int MOST_BYTES = 8 << 20;

    public Page {
        resources = List.copyOf(resources);
        ends = List.copyOf(ends);
    }

    /** Some in no order. */
    public Page(List<ResourceVersion.Live> resources, boolean more) {
        this(resources, more, List.of());
    }

    /** The same in the order of a search that went backward. */
    public Page reversed() {
        List<ResourceVersion.Live> turned = new ArrayList<>(resources);
        Collections.reverse(turned);
        List<PagePosition> turnedEnds = new ArrayList<>(ends);
        Collections.reverse(turnedEnds);
        return new Page(turned, more, turnedEnds);
    }

    /**
     * The longest page that these matches fill: at most so many resources and {@link #MOST_BYTES}, but at least one. At
     * most one match more than that is taken.
     */
    public static Page filledFrom(Iterator<ResourceVersion.Live> matches, int limit) {
        List<ResourceVersion.Live> resources = new ArrayList<>();
        long bytes = 0;
        while (matches.hasNext()) {
            ResourceVersion.Live next = matches.next();
            bytes += next.fhir().getByteBuffer().remaining();
            if (resources.size() == limit || (bytes > MOST_BYTES && !resources.isEmpty())) {
                return new Page(resources, true);
            }
            resources.add(next);
        }
        return new Page(resources, false);
    }
}
