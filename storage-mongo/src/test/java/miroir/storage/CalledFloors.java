package miroir.storage;

import java.time.Instant;
import java.util.Map;
import java.util.function.Supplier;
import miroir.index.store.Deadline;

/** The board as one process of a {@link FloorWorld} sees it: others go on while it is called, and something may be wrong. */
final class CalledFloors implements Floors {
    private final MapFloors board;
    private final FloorWorld.Fault fault;
    private final Supplier<Instant> primary;
    private final Runnable others;
    private boolean taking;

    CalledFloors(MapFloors board, FloorWorld.Fault fault, Supplier<Instant> primary, Runnable others) {
        this.board = board;
        this.fault = fault;
        this.primary = primary;
        this.others = others;
    }

    /** Threads of a process wait for each other while one of them takes a row. */
    boolean isTaking() {
        return taking;
    }

    @Override
    public FloorBoard look(Deadline deadline) {
        return call(() -> fault == FloorWorld.Fault.ROWS_COME_BACK ? passOverExpired(deadline) : board.look(deadline));
    }

    @Override
    public FloorBoard take(String row, Instant floor, Instant until) {
        taking = true;
        FloorBoard shown = call(() -> {
            FloorBoard taken = board.take(row, floor, until);
            if (fault == FloorWorld.Fault.NO_ROWS) {
                board.giveUp(row);
            }
            return fault == FloorWorld.Fault.BOARD_UNHEEDED ? new FloorBoard(Instant.EPOCH, Map.of()) : taken;
        });
        taking = false;
        return shown;
    }

    @Override
    public boolean publish(String row, Instant floor) {
        return call(() -> board.publish(row, shown(floor)) || fault == FloorWorld.Fault.NO_ROWS);
    }

    @Override
    public boolean renew(String row, Instant floor, Instant until) {
        return call(() -> board.renew(row, shown(floor), until) || fault == FloorWorld.Fault.NO_ROWS);
    }

    @Override
    public void giveUp(String row) {
        call(() -> {
            board.giveUp(row);
            return true;
        });
    }

    private Instant shown(Instant floor) {
        return fault == FloorWorld.Fault.OPEN_COMMITS_UNHEEDED ? primary.get() : floor;
    }

    private FloorBoard passOverExpired(Deadline deadline) {
        Map<String, MapFloors.Row> all = Map.copyOf(board.rows);
        FloorBoard shown = board.look(deadline);
        board.rows.putAll(all);
        return shown;
    }

    private <T> T call(Supplier<T> called) {
        others.run();
        T answer = called.get();
        others.run();
        return answer;
    }
}
