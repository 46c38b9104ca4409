package miroir.server.fhir;

import miroir.index.Refusal;
import miroir.index.store.Page;

/**
 * How much is to be answered to a bundle: all of it is in memory at once, and a thousand searches can find much. Once there is as
 * much as the largest page has, nothing more is read, and of what is written nothing comes back.
 */
final class AnswersSoFar {
    private long bytes;

    /** What is answered of this. */
    Answer kept(FhirRequest asked, Answer answer) {
        if (isFull() && writes(asked)) {
            return answer.withoutBody();
        }
        add(answer.body());
        return answer;
    }

    void add(Answer.Body body) {
        bytes += AnswerBody.size(body);
    }

    boolean isFull() {
        return bytes > Page.MOST_BYTES;
    }

    /** Refuses a further read. */
    void requireRoom(FhirRequest next) {
        if (isFull() && !writes(next)) {
            throw new Refusal(
                    Refusal.Reason.TOO_LARGE,
                    "the answers to the entries before have " + bytes + " bytes already, and at " + Page.MOST_BYTES
                            + " nothing more is read: ask in another bundle");
        }
    }

    private static boolean writes(FhirRequest asked) {
        return asked.exchange().route().interaction().writes();
    }
}
