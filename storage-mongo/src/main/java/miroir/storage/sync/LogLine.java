package miroir.storage.sync;

import java.time.Instant;
import org.bson.BsonDocument;

/**
 * What a run said, as it stands in the log of its process.
 *
 * @param isWarning whether somebody should look at it
 */
public record LogLine(Instant at, boolean isWarning, String text) {
    /** How many of a run are kept, the last ones. */
    public static final int KEPT = 200;

    private static final int LONGEST = 500;

    /** One line, the beginning of what is longer. */
    public LogLine {
        String line = text.replaceAll("\\p{Cntrl}+", " ");
        boolean splits = line.length() > LONGEST && Character.isLowSurrogate(line.charAt(LONGEST));
        text = line.length() <= LONGEST ? line : line.substring(0, splits ? LONGEST - 1 : LONGEST) + "…";
    }

    BsonDocument document() {
        return new Fields()
                .instant("at", at)
                .flag("warning", isWarning)
                .text("text", text)
                .document();
    }

    static LogLine of(BsonDocument document) {
        Instant at = Fields.instant(document, "at");
        return new LogLine(
                at == null ? Instant.EPOCH : at, Fields.flag(document, "warning"), Fields.text(document, "text", ""));
    }
}
