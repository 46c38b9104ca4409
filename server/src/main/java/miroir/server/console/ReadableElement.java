package miroir.server.console;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An element of a resource, for people.
 *
 * @param name what FHIR calls it
 * @param label what people call it; null: nothing else
 * @param isExtension whether its definition says what it is called, and not FHIR
 * @param text empty where its parts say everything
 * @param link the page of what it refers to; null: there is none here
 * @param note what is read beside the text
 * @param title the long form of the name, or of the note
 */
record ReadableElement(
        String name,
        @Nullable String label,
        boolean isExtension,
        String text,
        @Nullable String link,
        String note,
        String title,
        List<ReadableElement> parts) {
    ReadableElement {
        parts = List.copyOf(parts);
    }
}
