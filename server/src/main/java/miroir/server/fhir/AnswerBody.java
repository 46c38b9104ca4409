package miroir.server.fhir;

import java.util.List;
import miroir.index.json.Utf8Buffer;
import miroir.server.failure.Failure;
import miroir.server.failure.WriteOutcome;
import miroir.server.format.AnswerFormat;
import miroir.server.format.ResourceOutput;

/** Writes the body of an answer, straight from stored BSON. */
final class AnswerBody {
    private static final int ROOM_PER_RESOURCE = 4096;

    private AnswerBody() {}

    static Utf8Buffer of(Answer.Body body, AnswerFormat format) {
        if (body instanceof Answer.None) {
            return new Utf8Buffer(0);
        }
        ResourceOutput out = format.output(room(body));
        write(body, out);
        return out.finished();
    }

    private static int room(Answer.Body body) {
        return body instanceof Answer.Bundle bundle
                ? ROOM_PER_RESOURCE * (bundle.entries().size() + 1)
                : ROOM_PER_RESOURCE;
    }

    private static void write(Answer.Body body, ResourceOutput out) {
        if (body instanceof Answer.OneResource one) {
            out.stored(one.fhir());
        } else if (body instanceof Answer.Bundle bundle) {
            WriteBundle.to(out, bundle);
        } else if (body instanceof Answer.Capabilities capabilities) {
            out.stored(capabilities.document().resource());
        } else if (body instanceof Answer.Information information) {
            Failure.Issue issue = new Failure.Issue("informational", information.text(), null);
            WriteOutcome.to(out, List.of(issue), "information");
        }
    }
}
