package miroir.simulator.query;

import java.time.Duration;
import java.util.Optional;
import miroir.simulator.Kind;
import miroir.simulator.life.Position;
import miroir.simulator.life.Span;
import miroir.simulator.life.Standing;
import miroir.simulator.life.World;
import org.bson.RawBsonDocument;

/** Searches and reads as the real directory answers them. Thread-safe. */
public final class Search {
    private static final long UNKNOWN = -1;
    /** Of so many it is counted within the second that the real one gives itself. */
    private static final long SOON_COUNTED = 20_000;

    private static final int NOT_FOUND = 404;
    private static final int BAD_REQUEST = 400;

    private final World world;
    private final long linkLife;
    private final long longestDelta;
    private final PageLinks links = new PageLinks();

    /**
     * Of a world.
     *
     * @param linkLife how long after the first page the links of a search work
     * @param longestDelta how far back {@code _lastUpdated} may reach; zero for any time
     */
    public Search(World world, Duration linkLife, Duration longestDelta) {
        this.world = world;
        this.linkLife = linkLife.toMillis();
        this.longestDelta = longestDelta.toMillis();
    }

    /**
     * The first page.
     *
     * @param query percent-encoded, as in a URL
     * @param now what is later than that has not happened yet
     */
    public ResultPage first(Kind kind, String query, long now) {
        Query parsed = QueryParser.parse(kind, query);
        if (longestDelta > 0
                && !parsed.span().equals(Span.ALWAYS)
                && parsed.span().from() < now - longestDelta) {
            throw new SearchRefused(BAD_REQUEST, "A delta cannot exceed " + Duration.ofMillis(longestDelta));
        }
        return page(parsed, new PageLinks.Page(kind, query, now, Position.START, 1, total(parsed, now)));
    }

    /** The page that a link leads to. */
    public ResultPage next(String id, long now) {
        PageLinks.Page page = links.page(id);
        if (page.snapshot() > now || now - page.snapshot() > linkLife) {
            throw SearchRefused.deadLink();
        }
        return page(QueryParser.parse(page.kind(), page.query()), page);
    }

    /** The resource with this id. */
    public RawBsonDocument read(Kind kind, String id, long now) {
        Optional<Standing> found = world.find(kind, id, now);
        return found.map(world::resource)
                .orElseThrow(() -> new SearchRefused(NOT_FOUND, "Resource not found with id: " + id));
    }

    private ResultPage page(Query query, PageLinks.Page page) {
        return new ResultPage(world, links, query, page);
    }

    private long total(Query query, long now) {
        boolean counted = switch (query.total()) {
            case NONE -> false;
            case ACCURATE -> true;
            case UNSAID -> isSoonCounted(query, now);
        };
        return counted ? Matches.of(world, query, now, Position.START).count() : UNKNOWN;
    }

    /** The real one stops counting after a second; what takes it longer here as there are the texts. */
    private boolean isSoonCounted(Query query, long now) {
        boolean texts = query.criteria().stream()
                .anyMatch(criterion -> criterion.parameter().type() == Parameter.Type.STRING);
        boolean few = world.directory().size(query.kind()) <= SOON_COUNTED
                || Candidates.of(world, query, now, Position.START).isPresent();
        return query.criteria().isEmpty() || (!texts && few);
    }
}
