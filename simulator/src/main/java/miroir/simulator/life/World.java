package miroir.simulator.life;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import miroir.index.json.Utf8Buffer;
import miroir.simulator.Appearance;
import miroir.simulator.Directory;
import miroir.simulator.Kind;
import org.bson.RawBsonDocument;

/**
 * A directory that lives: what each resource is at each instant. Everything is a function of seed, size, pace, the day
 * on which its life began, and what was made to happen to it. Thread-safe.
 */
public final class World {
    private static final ZoneId PARIS = ZoneId.of("Europe/Paris");

    private final Directory directory;
    private final Timeline timeline;

    /**
     * @param practitioners see {@link Directory}
     * @param pace 1 for as much change as in reality, 20 for twenty times as much
     * @param begin the day of its first nightly load, from 2025-12-27 on
     * @param lateness a tenth of what is written can be seen only up to so much later than its instant says
     */
    public World(long seed, int practitioners, double pace, LocalDate begin, Duration lateness) {
        if (begin.atStartOfDay(PARIS).toInstant().toEpochMilli() <= FirstLoad.END) {
            throw new IllegalArgumentException("the life of the directory cannot begin on " + begin
                    + "; allowed is any day from 2025-12-27 on, when it was complete");
        }
        this.directory = new Directory(seed, practitioners);
        this.timeline = new Timeline(seed, directory, pace, begin, lateness);
    }

    /** Lets something happen to a share of some kinds, at the earliest at this instant; returns when it is over. */
    public Instant happen(List<Kind> kinds, Event event, double share, Instant at) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("a share of " + share + " cannot be; allowed is 0 to 1");
        }
        return timeline.happen(kinds, event, share, at.toEpochMilli());
    }

    /** Those of a kind that were last written in the span, as at the instant, from a position on. */
    public Steps walk(Kind kind, Span span, long at, Position start) {
        return new Walk(timeline.until(at), timeline.births(), kind, span, at, start);
    }

    /** How many there are of a kind that were last written in the span, as at the instant. */
    public long count(Kind kind, Span span, long at) {
        Steps walk = walk(kind, span, at, Position.START);
        long count = 0;
        while (walk.next() != null) {
            count++;
        }
        return count;
    }

    /** All resources of a kind, as at the instant. */
    public Stream<RawBsonDocument> resources(Kind kind, long at) {
        Steps walk = walk(kind, Span.ALWAYS, at, Position.START);
        return Stream.generate(() -> Optional.ofNullable(walk.next()))
                .takeWhile(Optional::isPresent)
                .map(standing -> resource(standing.orElseThrow()));
    }

    /** Where the resource with this number stands. */
    public Standing standing(Kind kind, long number, long at) {
        return FindStanding.at(timeline.until(at), timeline.births(), kind, number, at);
    }

    /** The resource that has this technical id at the instant. */
    public Optional<Standing> find(Kind kind, String id, long at) {
        long number = directory.numberOf(kind, id);
        return number < 0
                ? Optional.empty()
                : Optional.of(standing(kind, number, at))
                        .filter(found -> found.exists() && id(found).equals(id));
    }

    public String id(Standing standing) {
        return Directory.id(standing.kind(), standing.number(), standing.generation());
    }

    public RawBsonDocument resource(Standing standing) {
        return directory.resource(appearance(standing));
    }

    /** Appends the resource as JSON. */
    public void json(Standing standing, Utf8Buffer out) {
        directory.json(appearance(standing), out);
    }

    public Directory directory() {
        return directory;
    }

    private Appearance appearance(Standing standing) {
        List<Load> loads = timeline.until(standing.updated());
        Load content = loads.get(standing.content());
        return new Appearance(
                standing.kind(),
                standing.number(),
                id(standing),
                standing.active(),
                standing.version(),
                Instant.ofEpochMilli(standing.updated()),
                standing.revision(),
                standing.revision() == 0
                        ? null
                        : Instant.ofEpochMilli(loads.get(standing.revision()).begin())
                                .atZone(PARIS)
                                .toLocalDate(),
                (kind, number) -> idAsOf(loads, content, kind, number));
    }

    /** Whoever refers to another one knows the id that it had when the load that wrote the content was over. */
    private String idAsOf(List<Load> loads, Load content, Kind kind, long number) {
        int generation = loads.stream().anyMatch(load -> load.begin() <= content.begin() && load.renumbers())
                ? FindStanding.at(loads, timeline.births(), kind, number, content.end() - 1)
                        .generation()
                : 0;
        return Directory.id(kind, number, generation);
    }
}
