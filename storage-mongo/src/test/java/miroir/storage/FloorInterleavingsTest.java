package miroir.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import miroir.index.store.Deadline;
import org.junit.jupiter.api.Test;

/**
 * Two processes that write and one that reads, in every order of their steps. A step is what happens at one moment: a call
 * of the database, or a line of code between two. Time goes on by a millisecond with every step, and each writer's clock
 * may be wrong.
 */
final class FloorInterleavingsTest {
    /** Of the two writers. */
    private static final long[][] CLOCK_ERRORS = {{0, 0}, {-4, 4}, {4, -4}};

    /** How the writers behave. */
    private enum Protocol {
        FLOORS,
        /** Writers put up no row: what is committed is visible a little later than its instant. */
        NO_ROWS,
        /** Writers choose the instant by their own clock, and not above the board that they took their row on. */
        ROWS_BUT_OWN_CLOCK
    }

    @Test
    void settled_everyInterleaving_isKeptByFloors() {
        assertThat(holds(Protocol.FLOORS)).isTrue();
    }

    @Test
    void settled_withoutRows_isBroken() {
        assertThat(holds(Protocol.NO_ROWS)).isFalse();
    }

    @Test
    void settled_rowsButInstantsByOwnClock_isBroken() {
        assertThat(holds(Protocol.ROWS_BUT_OWN_CLOCK)).isFalse();
    }

    private static boolean holds(Protocol protocol) {
        return orders(new int[] {5, 5, 2}).stream()
                .allMatch(order -> Stream.of(CLOCK_ERRORS)
                        .allMatch(errors -> new World(protocol, errors[0], errors[1]).run(order)));
    }

    /** Every order of so many steps of each actor. */
    private static List<int[]> orders(int[] steps) {
        int length = 0;
        for (int each : steps) {
            length += each;
        }
        List<int[]> orders = new ArrayList<>();
        extend(new int[length], 0, steps, orders);
        return orders;
    }

    private static void extend(int[] order, int done, int[] left, List<int[]> orders) {
        if (done == order.length) {
            orders.add(order.clone());
            return;
        }
        for (int actor = 0; actor < left.length; actor++) {
            if (left[actor] > 0) {
                left[actor]--;
                order[done] = actor;
                extend(order, done + 1, left, orders);
                left[actor]++;
            }
        }
    }

    /** One run. */
    private static final class World {
        private long now = 100;
        private final MapFloors floors = new MapFloors(() -> Instant.ofEpochMilli(now));
        private final List<Instant> applied = new ArrayList<>();
        private final OpenCommits readers = new OpenCommits();
        private final Protocol protocol;
        private final List<Actor> actors;
        private Instant settled = Instant.EPOCH;
        private FloorBoard board = new FloorBoard(Instant.EPOCH, Map.of());
        private int visible;

        World(Protocol protocol, long first, long second) {
            this.protocol = protocol;
            this.actors = List.of(new Writer("a", first), new Writer("b", second), new Reader());
        }

        /** Whether everything up to the instant that was answered was visible then. */
        boolean run(int[] order) {
            int[] next = new int[actors.size()];
            for (int actor : order) {
                now++;
                actors.get(actor).step(next[actor]++);
            }
            return applied.subList(visible, applied.size()).stream().allMatch(from -> from.isAfter(settled));
        }

        private interface Actor {
            void step(int number);
        }

        private final class Reader implements Actor {
            @Override
            public void step(int number) {
                if (number == 0) {
                    board = floors.look(Deadline.in(Duration.ofDays(1)));
                } else {
                    Instant others = board.settledByOthers("reader");
                    settled = readers.promise(others);
                    visible = applied.size();
                }
            }
        }

        private final class Writer implements Actor {
            private final OpenCommits open = new OpenCommits();
            private final String row;
            private final long error;
            private Instant from = Instant.EPOCH;

            Writer(String row, long error) {
                this.row = row;
                this.error = error;
            }

            private Instant clock() {
                return Instant.ofEpochMilli(now + error);
            }

            @Override
            public void step(int number) {
                switch (number) {
                    case 0 -> take();
                    case 1 -> from = open.begin(clock(), Instant.EPOCH);
                    case 2 -> floors.publish(row, open.promise(clock()));
                    case 3 -> applied.add(from);
                    default -> {
                        open.end(from);
                        floors.publish(row, open.promise(clock()));
                    }
                }
            }

            private void take() {
                if (protocol == Protocol.NO_ROWS) {
                    return;
                }
                FloorBoard taken = floors.take(row, open.promise(clock()), Instant.ofEpochMilli(10_000));
                if (protocol == Protocol.FLOORS) {
                    open.beginAbove(taken.now());
                }
            }
        }
    }
}
