package miroir.simulator.query;

import miroir.simulator.life.Position;
import miroir.simulator.life.Standing;
import miroir.simulator.life.Steps;
import miroir.simulator.life.World;
import org.jspecify.annotations.Nullable;

/** What a search finds, one after the other; nothing is kept. */
final class Matches implements Steps {
    private final World world;
    private final Query query;
    private final Steps steps;

    private Matches(World world, Query query, Steps steps) {
        this.world = world;
        this.query = query;
        this.steps = steps;
    }

    static Matches of(World world, Query query, long snapshot, Position start) {
        return new Matches(
                world,
                query,
                Candidates.of(world, query, snapshot, start)
                        .orElseGet(() -> world.walk(query.kind(), query.span(), snapshot, start)));
    }

    @Override
    public @Nullable Standing next() {
        Standing standing = steps.next();
        while (standing != null && !matches(standing)) {
            standing = steps.next();
        }
        return standing;
    }

    @Override
    public Position position() {
        return steps.position();
    }

    long count() {
        long count = 0;
        while (next() != null) {
            count++;
        }
        return count;
    }

    private boolean matches(Standing standing) {
        for (var decision : query.quick()) {
            if (!decision.test(standing)) {
                return false;
            }
        }
        if (query.criteria().isEmpty()) {
            return true;
        }
        var resource = world.resource(standing);
        return query.criteria().stream().allMatch(criterion -> criterion.holds(resource));
    }
}
