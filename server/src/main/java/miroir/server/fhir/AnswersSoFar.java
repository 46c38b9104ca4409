package miroir.server.fhir;

import miroir.index.Refusal;
import miroir.index.store.Page;

/** How much is to be answered to a bundle: all of it is in memory at once, and a thousand searches can find much. */
final class AnswersSoFar {
    private long bytes;

    void add(Answer answer) {
        bytes += AnswerBody.size(answer.body());
    }

    /** Refuses a further read once there is as much as the largest page has. */
    void requireRoom(FhirRequest next) {
        if (bytes > Page.MOST_BYTES && !next.exchange().route().interaction().writes()) {
            throw new Refusal(
                    Refusal.Reason.TOO_LARGE,
                    "the answers to the entries before have " + bytes + " bytes already, and at " + Page.MOST_BYTES
                            + " nothing more is read: ask in another bundle");
        }
    }
}
