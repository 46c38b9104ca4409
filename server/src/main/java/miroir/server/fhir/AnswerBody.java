package miroir.server.fhir;

import java.util.List;
import miroir.index.json.Utf8Buffer;
import miroir.index.store.ResourceVersion;
import miroir.server.failure.Failure;
import miroir.server.failure.WriteOutcome;
import miroir.server.format.AnswerFormat;
import miroir.server.format.ResourceOutput;
import miroir.server.validation.Finding;
import org.bson.RawBsonDocument;

/** Writes the body of an answer, straight from stored BSON. */
final class AnswerBody {
    private static final int ROOM_AROUND = 4096;
    private static final long ROOM_OF_AN_ENTRY = 512;
    private static final int LARGEST = 1 << 30;

    private AnswerBody() {}

    static Utf8Buffer of(Answer.Body body, AnswerFormat format) {
        if (body instanceof Answer.None || body instanceof Answer.Known) {
            return new Utf8Buffer(0);
        }
        if (body instanceof Answer.Content content) {
            return BinaryContent.bytes(content);
        }
        ResourceOutput out = format.output(room(body, format));
        write(body, out);
        return out.finished();
    }

    /**
     * JSON is as long as its BSON, more or less, and the rest longer; a buffer that need not grow is not copied, and is in
     * memory once.
     */
    private static int room(Answer.Body body, AnswerFormat format) {
        long stored = size(body);
        long more = format.equals(AnswerFormat.PLAIN_JSON) ? stored / 8 : stored;
        return (int) Math.min(stored + more + ROOM_AROUND, LARGEST);
    }

    /** The stored bytes of what stands in it. */
    static long size(Answer.Body body) {
        if (body instanceof Answer.OneResource one) {
            return size(one.fhir());
        }
        if (body instanceof Answer.Known known) {
            return size(known.fhir());
        }
        if (body instanceof Answer.Capabilities capabilities) {
            return size(capabilities.document().resource());
        }
        return body instanceof Answer.Bundle bundle
                ? bundle.entries().stream().mapToLong(AnswerBody::size).sum()
                : 0;
    }

    private static long size(Answer.Entry entry) {
        if (entry instanceof Answer.Match match) {
            return ROOM_OF_AN_ENTRY + size(match.version().fhir());
        }
        if (entry instanceof Answer.RankedMatch ranked) {
            return ROOM_OF_AN_ENTRY + size(ranked.version().fhir());
        }
        if (entry instanceof Answer.Included included) {
            return ROOM_OF_AN_ENTRY + size(included.version().fhir());
        }
        if (entry instanceof Answer.Answered answered) {
            return ROOM_OF_AN_ENTRY + size(answered.answer().body());
        }
        return entry instanceof Answer.Change change && change.version() instanceof ResourceVersion.Live live
                ? ROOM_OF_AN_ENTRY + size(live.fhir())
                : ROOM_OF_AN_ENTRY;
    }

    private static long size(RawBsonDocument fhir) {
        return fhir.getByteBuffer().remaining();
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
        } else if (body instanceof Answer.Findings found) {
            write(found, out);
        }
    }

    private static void write(Answer.Findings found, ResourceOutput out) {
        out.beginResource("OperationOutcome");
        out.beginList("issue");
        for (Finding finding : found.findings()) {
            Failure.Issue issue = new Failure.Issue(finding.code(), finding.message(), finding.expression());
            WriteOutcome.issue(out, issue, finding.severity().code());
        }
        out.endList();
        out.endResource();
    }
}
