package miroir.storage.sync;

import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * A removal that the guard held back, for a person to release.
 *
 * @param run the full run that did not see what would be removed; its marks are kept until then
 * @param cause how much it is, and what to do
 */
public record Held(String run, String cause) {

    BsonDocument document() {
        return new Fields().text("run", run).text("cause", cause).document();
    }

    static @Nullable Held of(BsonDocument synchronisation) {
        if (!synchronisation.isDocument("held")) {
            return null;
        }
        BsonDocument held = synchronisation.getDocument("held");
        return new Held(Fields.text(held, "run", ""), Fields.text(held, "cause", ""));
    }
}
