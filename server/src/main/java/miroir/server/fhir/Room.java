package miroir.server.fhir;

import java.time.Duration;
import java.util.Optional;
import miroir.index.store.Deadline;
import miroir.index.store.Written;
import miroir.server.pipeline.WorkingMemory;

/**
 * The memory of requests, taken for each once: a large body has its room before it is read, and an entry of a bundle has that of the
 * bundle.
 */
final class Room {
    private final WorkingMemory memory;
    private final Duration patience;

    /**
     * Room.
     *
     * @param patience how long a body waits for it
     */
    Room(WorkingMemory memory, Duration patience) {
        this.memory = memory;
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
    WorkingMemory.Held forPage(FhirRequest request, int resources, int batches, Deadline deadline) {
        String type = request.key().type();
        return request.exchange()
                .holding(
                        request.exchange().isEntry()
                                ? memory.forEntry(type)
                                : memory.forPage(type, resources, batches, deadline));
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

    private static boolean isNeeded(FhirRequest request) {
        return !request.exchange().isEntry() && !request.exchange().hasRoomForBody();
    }
}
