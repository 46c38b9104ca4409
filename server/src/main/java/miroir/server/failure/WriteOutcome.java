package miroir.server.failure;

import java.util.List;
import miroir.index.json.Utf8Buffer;
import miroir.server.format.AnswerFormat;
import miroir.server.format.ResourceOutput;

/** Writes OperationOutcomes without building a model. */
public final class WriteOutcome {
    private static final int ROOM = 256;

    private WriteOutcome() {}

    /** An outcome whose issues are errors. */
    public static Utf8Buffer errors(List<Failure.Issue> issues, AnswerFormat format) {
        ResourceOutput out = format.output(ROOM);
        to(out, issues, "error");
        return out.finished();
    }

    /** An outcome that is the whole answer. */
    public static void to(ResourceOutput out, List<Failure.Issue> issues, String severity) {
        out.beginResource("OperationOutcome");
        writeIssues(out, issues, severity);
        out.endResource();
    }

    /** An outcome inside something else, such as an entry of a bundle. */
    public static void to(ResourceOutput out, String element, List<Failure.Issue> issues, String severity) {
        out.beginResource(element, "OperationOutcome");
        writeIssues(out, issues, severity);
        out.endResource();
    }

    private static void writeIssues(ResourceOutput out, List<Failure.Issue> issues, String severity) {
        out.beginList("issue");
        issues.forEach(issue -> issue(out, issue, severity));
        out.endList();
    }

    /** The next issue of an outcome. */
    public static void issue(ResourceOutput out, Failure.Issue issue, String severity) {
        out.beginNext();
        out.text("severity", severity);
        out.text("code", issue.code());
        out.text("diagnostics", wellFormed(issue.diagnostics()));
        String expression = issue.expression();
        if (expression != null) {
            out.beginList("expression");
            out.nextText(wellFormed(expression));
            out.endList();
        }
        out.end();
    }

    /** Text that FHIR allows in a string: not empty, and without control characters, which a hostile URL can hold. */
    private static String wellFormed(String text) {
        String clean =
                text.replaceAll("[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\x7F]", "?").strip();
        return clean.isEmpty() ? "(no text)" : clean;
    }
}
