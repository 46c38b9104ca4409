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
    public FloorBoard take(String row, Promise promise, Instant until) {
        taking = true;
        FloorBoard shown = call(() -> {
            FloorBoard taken = board.take(row, promise, until);
            if (fault == FloorWorld.Fault.NO_ROWS) {
                board.giveUp(row);
            }
            return fault == FloorWorld.Fault.BOARD_UNHEEDED ? new FloorBoard(Instant.EPOCH, 0, Map.of()) : taken;
        });
        taking = false;
        return shown;
    }

    @Override
    public boolean publish(String row, Promise promise) {
        return call(() -> board.publish(row, shown(promise)) || fault == FloorWorld.Fault.NO_ROWS);
    }

    @Override
    public boolean renew(String row, Promise promise, Instant until) {
        return call(() -> board.renew(row, shown(promise), until) || fault == FloorWorld.Fault.NO_ROWS);
    }

    @Override
    public boolean close(long number) {
        return call(() -> board.close(number));
    }

    @Override
    public void giveUp(String row) {
        call(() -> {
            board.giveUp(row);
            return true;
        });
    }

    private Promise shown(Promise promise) {
        return fault == FloorWorld.Fault.OPEN_COMMITS_UNHEEDED ? new Promise(primary.get(), promise.number()) : promise;
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
