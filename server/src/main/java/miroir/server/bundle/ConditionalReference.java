package miroir.server.bundle;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import miroir.index.structure.Structures;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/**
 * A reference by criteria: {@code Practitioner?identifier=1}.
 *
 * @param query behind the question mark
 */
public record ConditionalReference(String type, String query) {
    private static final Pattern FORM = Pattern.compile("([A-Z][A-Za-z]+)\\?(.+)");

    /** Empty where the reference is another one. */
    public static Optional<ConditionalReference> of(String reference) {
        Matcher matcher = FORM.matcher(reference);
        return matcher.matches()
                ? Optional.of(new ConditionalReference(matcher.group(1), matcher.group(2)))
                : Optional.empty();
    }

    /** Whether a resource has one. */
    static boolean isIn(@Nullable RawBsonDocument resource) {
        AtomicBoolean found = new AtomicBoolean();
        if (resource != null) {
            new RewriteLinks(
                            Structures.r4(),
                            reference -> {
                                found.compareAndSet(false, of(reference).isPresent());
                                return reference;
                            },
                            uri -> uri)
                    .in(resource);
        }
        return found.get();
    }
}
