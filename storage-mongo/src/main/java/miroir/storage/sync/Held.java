package miroir.storage.sync;

import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * A removal that the guard held back, for a person to release.
 *
 * @param run the full run that did not see what would be removed; its marks are kept until then
 * @param why how much it is, and what to do
 */
public record Held(String run, Cause why) {
    /** In English. */
    public String cause() {
        return why.text();
    }

    BsonDocument document() {
        return new Fields().text("run", run).cause("cause", why).document();
    }

    static @Nullable Held of(BsonDocument synchronisation) {
        if (!synchronisation.isDocument("held")) {
            return null;
        }
        BsonDocument held = synchronisation.getDocument("held");
        Cause why = Cause.of(held, "cause");
        return new Held(Fields.text(held, "run", ""), why == null ? Cause.unknown("") : why);
    }
}
