package miroir.sync.upstream;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** The upstream's clock as its {@code Date} header tells it, in whole seconds that have begun. */
final class UpstreamDate {

    private UpstreamDate() {}

    /** The header's instant; a header that is missing or unreadable is refused, since ours cannot stand in for it. */
    static Instant parse(@Nullable String header) {
        if (header == null) {
            throw new IllegalArgumentException("the upstream sent no Date header; its clock is needed");
        }
        try {
            return DateTimeFormatter.RFC_1123_DATE_TIME.parse(header.strip(), Instant::from);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "the upstream's Date header '" + header + "' is not a date such as 'Sat, 21 Nov 2026 08:40:57 GMT'",
                    e);
        }
    }
}
