package miroir.simulator.life;

import java.util.List;
import miroir.simulator.Kind;
import org.jspecify.annotations.Nullable;

/** Goes through the resources of a kind in the order in which they were last written, within a span of time. */
final class Walk implements Steps {
    private final List<Load> loads;
    private final Births births;
    private final Kind kind;
    private final Span span;
    private final long snapshot;
    private int load;
    private long place;
    private long end;

    Walk(List<Load> loads, Births births, Kind kind, Span span, long snapshot, Position start) {
        this.loads = loads;
        this.births = births;
        this.kind = kind;
        this.span = span.before(snapshot + 1);
        this.snapshot = snapshot;
        this.load = start.load() - 1;
        nextLoad();
        if (load == start.load()) {
            place = Math.max(place, start.place());
        }
    }

    @Override
    public Position position() {
        return new Position(load, place);
    }

    @Override
    public @Nullable Standing next() {
        while (load < loads.size()) {
            if (place >= end) {
                nextLoad();
                continue;
            }
            long at = place++;
            Standing standing = FindStanding.at(loads, births, kind, batch().numberAt(at), snapshot);
            if (standing.exists() && standing.load() == load && standing.place() == at) {
                return standing;
            }
        }
        return null;
    }

    private void nextLoad() {
        place = 0;
        end = 0;
        do {
            load++;
        } while (load < loads.size() && !isWithin(loads.get(load)));
        if (load < loads.size()) {
            place = batch().placeFrom(span.from());
            end = batch().placeFrom(span.until());
        }
    }

    private boolean isWithin(Load candidate) {
        return candidate.of(kind) != null && candidate.end() > span.from() && candidate.begin() < span.until();
    }

    private Batch batch() {
        Batch batch = loads.get(load).of(kind);
        if (batch == null) {
            throw new IllegalStateException("load " + load + " has nothing of " + kind.type());
        }
        return batch;
    }
}
