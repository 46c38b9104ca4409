package miroir.server.fhir;

import java.util.List;
import miroir.index.json.ResourceWriter;
import miroir.index.json.Utf8Buffer;
import miroir.index.store.ResourceVersion;
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
        if (body instanceof Answer.SearchSet set) {
            Utf8Buffer out = new Utf8Buffer(ROOM_PER_RESOURCE * (set.matches().size() + 1));
            writeSearchSet(set, out);
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

    private static void writeSearchSet(Answer.SearchSet set, Utf8Buffer out) {
        out.putAscii("{\"resourceType\":\"Bundle\",\"id\":\"" + set.id() + "\",\"type\":\"searchset\"");
        Long total = set.total();
        if (total != null) {
            out.putAscii(",\"total\":");
            out.putLong(total);
        }
        writeLinks(set.links(), out);
        if (!set.matches().isEmpty() || !set.warnings().isEmpty()) {
            out.putAscii(",\"entry\":[");
            writeEntries(set, out);
            out.putByte(']');
        }
        out.putByte('}');
    }

    private static void writeLinks(List<Answer.Link> links, Utf8Buffer out) {
        out.putAscii(",\"link\":[");
        for (int i = 0; i < links.size(); i++) {
            out.putAscii(i == 0 ? "{\"relation\":" : ",{\"relation\":");
            out.putQuoted(links.get(i).relation());
            out.putAscii(",\"url\":");
            out.putQuoted(links.get(i).url());
            out.putByte('}');
        }
        out.putByte(']');
    }

    private static void writeEntries(Answer.SearchSet set, Utf8Buffer out) {
        for (int i = 0; i < set.matches().size(); i++) {
            writeMatch(set.base(), set.matches().get(i), i == 0, out);
        }
        if (!set.warnings().isEmpty()) {
            out.putAscii(set.matches().isEmpty() ? "{\"resource\":" : ",{\"resource\":");
            OutcomeJson.write(
                    out,
                    set.warnings().stream()
                            .map(warning -> new Failure.Issue("not-supported", warning, null))
                            .toList(),
                    "warning");
            out.putAscii(",\"search\":{\"mode\":\"outcome\"}}");
        }
    }

    private static void writeMatch(String base, ResourceVersion.Live match, boolean first, Utf8Buffer out) {
        out.putAscii(first ? "{\"fullUrl\":" : ",{\"fullUrl\":");
        out.putQuoted(base + "/" + match.key());
        out.putAscii(",\"resource\":");
        ResourceWriter.write(match.fhir(), out, false);
        out.putAscii(",\"search\":{\"mode\":\"match\"}}");
    }
}
