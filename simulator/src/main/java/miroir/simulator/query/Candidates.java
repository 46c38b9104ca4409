package miroir.simulator.query;

import java.util.Optional;
import java.util.stream.LongStream;
import miroir.simulator.Directory;
import miroir.simulator.Kind;
import miroir.simulator.life.Position;
import miroir.simulator.life.Standing;
import miroir.simulator.life.Steps;
import miroir.simulator.life.World;
import org.jspecify.annotations.Nullable;

/**
 * The few that a search can find, where ids, identifiers or references say which they could be. Without that, looking
 * for one of ten million would mean making up all of them.
 */
final class Candidates implements Steps {
    /** No load has this number: the place is that of the candidate. */
    private static final int NO_LOAD = -1;

    private final World world;
    private final Query query;
    private final long snapshot;
    private final long[] numbers;
    private int next;

    private Candidates(World world, Query query, long snapshot, long[] numbers, Position start) {
        this.world = world;
        this.query = query;
        this.snapshot = snapshot;
        this.numbers = numbers;
        this.next = start.load() == NO_LOAD ? (int) start.place() : 0;
    }

    /** Empty where nothing says which ones. */
    static Optional<Steps> of(World world, Query query, long snapshot, Position start) {
        return numbers(world.directory(), query)
                .map(numbers -> new Candidates(world, query, snapshot, numbers.toArray(), start));
    }

    private static Optional<LongStream> numbers(Directory directory, Query query) {
        if (!query.ids().isEmpty()) {
            return Optional.of(query.ids().stream()
                    .mapToLong(id -> directory.numberOf(query.kind(), id))
                    .filter(number -> number >= 0)
                    .distinct());
        }
        return query.criteria().stream()
                .flatMap(criterion -> numbers(directory, query.kind(), criterion).stream())
                .findFirst();
    }

    private static Optional<LongStream> numbers(Directory directory, Kind kind, Criterion criterion) {
        if (criterion.parameter().type() == Parameter.Type.REFERENCE) {
            Kind target = Parameters.target(kind, criterion.parameter().name()).orElseThrow();
            return Optional.of(criterion.values().stream()
                    .mapToLong(value -> directory.numberOf(target, Criterion.idOf(value)))
                    .filter(number -> number >= 0)
                    .flatMap(number -> range(Directory.neighbours(target, number, kind)))
                    .distinct());
        }
        boolean named = criterion.parameter().name().equals("identifier")
                && criterion.modifier().isEmpty()
                && criterion.values().stream().noneMatch(value -> value.endsWith("|"));
        return named
                ? Optional.of(criterion.values().stream()
                        .map(value -> value.substring(value.lastIndexOf('|') + 1))
                        .flatMapToLong(value -> directory.numbersOf(kind, value))
                        .distinct())
                : Optional.empty();
    }

    private static LongStream range(long[] bounds) {
        return LongStream.range(bounds[0], bounds[1]);
    }

    @Override
    public @Nullable Standing next() {
        while (next < numbers.length) {
            Standing standing = world.standing(query.kind(), numbers[next++], snapshot);
            if (standing.exists() && query.span().contains(standing.updated()) && hasAskedId(standing)) {
                return standing;
            }
        }
        return null;
    }

    private boolean hasAskedId(Standing standing) {
        return query.ids().isEmpty() || query.ids().contains(world.id(standing));
    }

    @Override
    public Position position() {
        return new Position(NO_LOAD, next);
    }
}
