package miroir.server.fhir;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import miroir.index.store.Deadline;
import miroir.index.store.ResourceStore;
import miroir.index.store.Written;
import miroir.server.pipeline.Turns;
import miroir.server.pipeline.WorkingMemory;

/**
 * What is scarce. The memory of requests, taken for each once: a large body has its room before it is read, and an entry of a bundle has that of the
 * bundle. And turns with the database: who searches has one before he takes memory, an entry one of those for who has memory already.
 */
final class Room {
    private final WorkingMemory memory;
    private final Turns turns;
    private final Duration patience;

    /**
     * Room.
     *
     * @param patience how long a body waits for it
     */
    Room(WorkingMemory memory, Turns turns, Duration patience) {
        this.memory = memory;
        this.turns = turns;
        this.patience = patience;
    }

    /** For a body that replaces nothing. */
    void forBody(FhirRequest request, byte[] body) {
        if (isNeeded(request)) {
            request.exchange().holding(memory.forBody(body.length, Deadline.in(patience)));
        }
    }

    /** For a body and the resource of this type that it replaces. */
    void forUpdate(FhirRequest request, byte[] body) {
        if (isNeeded(request)) {
            request.exchange().holding(memory.forUpdate(request.key().type(), body.length, Deadline.in(patience)));
        }
    }

    /** For a bundle, and for what its entries read one after the other. */
    Optional<WorkingMemory.Held> forBundle(FhirRequest request, byte[] body) {
        return isNeeded(request)
                ? Optional.of(request.exchange()
                        .holding(memory.forUpdate(request.key().type(), body.length, Deadline.in(patience))))
                : Optional.empty();
    }

    /** For the resource of this type that is deleted. */
    void forDeletion(FhirRequest request) {
        forUpdate(request, new byte[0]);
    }

    /** For a page of at most so many resources, from so many places in the database. */
    WorkingMemory.Held forPage(FhirRequest request, int resources, int places, Deadline deadline) {
        return forPage(request, IntStream.generate(() -> resources).limit(places), deadline);
    }

    /** For a page of what places in the database give, each so many resources at most. */
    WorkingMemory.Held forPage(FhirRequest request, IntStream batches, Deadline deadline) {
        String type = request.key().type();
        return request.exchange()
                .holding(
                        request.exchange().isEntry() ? memory.forEntry(type) : memory.forPage(type, batches, deadline));
    }

    /** For one resource, or as many as it takes to show it. */
    WorkingMemory.Held forResource(FhirRequest request, int resources) {
        return forPage(request, resources, 1, Deadline.in(patience));
    }

    /** What was written is what others of its type may be expected to be. */
    void saw(Written written) {
        memory.saw(written.current().key().type(), written);
    }

    /** What was looked for is not there. */
    void foundNothing(FhirRequest request) {
        memory.foundNothing(request.key().type());
    }

    /** Does what belongs to one search, once it is the turn of who asks and there is a connection; an entry has that already. */
    <T> T inTurn(FhirRequest request, ResourceStore store, Deadline deadline, Supplier<T> search) {
        return request.exchange().isEntry()
                ? store.inTurn(deadline, search)
                : turns.searches().when(request.exchange().asker(), deadline, () -> store.inTurn(deadline, search));
    }

    /** Answers an entry of a bundle that searches, once it is the turn of who sent the bundle. */
    <T> T inTurnOfEntry(FhirRequest request, ResourceStore store, Deadline deadline, Supplier<T> entry) {
        return turns.entries().when(request.exchange().asker(), deadline, () -> store.inTurnOfEntry(deadline, entry));
    }

    private static boolean isNeeded(FhirRequest request) {
        return !request.exchange().isEntry() && !request.exchange().hasRoomForBody();
    }
}
