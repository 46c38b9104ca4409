package miroir.storage.views;

import miroir.index.view.View;
import org.bson.RawBsonDocument;

/**
 * A view that has a name here.
 *
 * @param definition as it is shown
 */
public record StoredView(String id, View view, RawBsonDocument definition) {
    /** What it is in FHIR; no type of R4. */
    public static final String TYPE = "ViewDefinition";

    /** Whether this URL is its own, or that with its version behind it. */
    boolean isAt(String url) {
        String own = view.url();
        return own != null && (url.equals(own) || url.equals(own + "|" + view.version()));
    }
}
