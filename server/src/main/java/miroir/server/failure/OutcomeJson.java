package miroir.server.failure;

import java.util.List;
import miroir.index.json.Utf8Buffer;

/** Writes OperationOutcomes as JSON, without building a model. */
public final class OutcomeJson {
    private OutcomeJson() {}

    /** An outcome whose issues are errors. */
    public static Utf8Buffer errors(List<Failure.Issue> issues) {
        Utf8Buffer out = new Utf8Buffer(256);
        write(out, issues, "error");
        return out;
    }

    /** An outcome inside something else, such as an entry of a bundle. */
    public static void write(Utf8Buffer out, List<Failure.Issue> issues, String severity) {
        out.putAscii("{\"resourceType\":\"OperationOutcome\",\"issue\":[");
        for (int i = 0; i < issues.size(); i++) {
            if (i > 0) {
                out.putByte(',');
            }
            writeIssue(out, issues.get(i), severity);
        }
        out.putAscii("]}");
    }

    private static void writeIssue(Utf8Buffer out, Failure.Issue issue, String severity) {
        out.putAscii("{\"severity\":\"" + severity + "\",\"code\":\"" + issue.code() + "\",\"diagnostics\":");
        out.putQuoted(wellFormed(issue.diagnostics()));
        String expression = issue.expression();
        if (expression != null) {
            out.putAscii(",\"expression\":[");
            out.putQuoted(wellFormed(expression));
            out.putByte(']');
        }
        out.putByte('}');
    }

    /** Text that FHIR allows in a string: not empty, and without control characters, which a hostile URL can hold. */
    private static String wellFormed(String text) {
        String clean =
                text.replaceAll("[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\x7F]", "?").strip();
        return clean.isEmpty() ? "(no text)" : clean;
    }
}
