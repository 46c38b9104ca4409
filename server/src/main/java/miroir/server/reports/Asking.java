package miroir.server.reports;

import java.util.function.Supplier;
import java.util.stream.IntStream;
import miroir.index.store.Caller;
import miroir.index.store.Deadline;
import miroir.index.store.ResourceStore;
import miroir.server.pipeline.Exchange;
import miroir.server.pipeline.WorkingMemory;

/** On whose behalf something long is read, one page after the other: who asked for a report, or the server itself, which has something counted ahead. */
sealed interface Asking {

    /** Refused where who asked may not any more. */
    Caller caller();

    /** Reads one page, once it is the turn of who asks and there is memory; nothing of the page may be left when it returns. */
    <T> T inTurn(ResourceStore store, String of, int resources, Deadline deadline, OfPage<T> page);

    /** Reads a page for which there is memory. */
    interface OfPage<T> {
        T read(WorkingMemory.Held held);
    }

    /** Who sent a request. */
    record ByRequest(ReportParts parts, Exchange exchange) implements Asking {
        @Override
        public Caller caller() {
            return exchange.caller();
        }

        @Override
        public <T> T inTurn(ResourceStore store, String of, int resources, Deadline deadline, OfPage<T> page) {
            Supplier<T> turn = () -> store.inTurn(deadline, () -> withMemory(parts, of, resources, deadline, page));
            return parts.turns().searches().when(exchange.asker(), deadline, turn);
        }
    }

    /** The server, which sees everything and keeps what it finds to itself. */
    record ByServer(ReportParts parts, Caller caller) implements Asking {
        @Override
        public <T> T inTurn(ResourceStore store, String of, int resources, Deadline deadline, OfPage<T> page) {
            return store.inTurn(deadline, () -> withMemory(parts, of, resources, deadline, page));
        }
    }

    private static <T> T withMemory(ReportParts parts, String of, int resources, Deadline deadline, OfPage<T> page) {
        try (WorkingMemory.Held held = parts.memory().forPage(of, IntStream.of(resources, resources), deadline)) {
            return page.read(held);
        }
    }
}
