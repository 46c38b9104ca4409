package miroir.server.fhir;

import java.util.List;
import miroir.index.json.ResourceWriter;
import miroir.index.json.Utf8Buffer;
import miroir.server.failure.Failure;
import miroir.server.failure.OutcomeJson;

/** Writes the body of an answer as JSON, straight from stored BSON. */
final class AnswerJson {
    private static final int ROOM_PER_RESOURCE = 4096;

    private AnswerJson() {}

    static Utf8Buffer of(Answer answer) {
        Utf8Buffer json = of(answer.body());
        return answer.isPretty() && json.size() > 0 ? PrettyJson.of(json) : json;
    }

    static Utf8Buffer of(Answer.Body body) {
        if (body instanceof Answer.OneResource one) {
            Utf8Buffer out = new Utf8Buffer(ROOM_PER_RESOURCE);
            ResourceWriter.write(one.fhir(), out, false);
            return out;
        }
        if (body instanceof Answer.Bundle bundle) {
            Utf8Buffer out =
                    new Utf8Buffer(ROOM_PER_RESOURCE * (bundle.entries().size() + 1));
            BundleJson.write(bundle, out);
            return out;
        }
        if (body instanceof Answer.Capabilities capabilities) {
            byte[] json = capabilities.document().json();
            Utf8Buffer out = new Utf8Buffer(json.length);
            out.putBytes(json);
            return out;
        }
        if (body instanceof Answer.Information information) {
            Utf8Buffer out = new Utf8Buffer(256);
            Failure.Issue issue = new Failure.Issue("informational", information.text(), null);
            OutcomeJson.write(out, List.of(issue), "information");
            return out;
        }
        return new Utf8Buffer(0);
    }
}
