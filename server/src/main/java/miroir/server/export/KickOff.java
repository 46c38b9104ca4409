package miroir.server.export;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request for an export says, before the searches in it are read.
 *
 * @param types in order; those that are exported
 * @param filters searches by type, as they were sent
 * @param elements of types, which are all that is shown of them
 * @param warnings what was left out
 */
record KickOff(
        List<String> types,
        Map<String, List<String>> filters,
        @Nullable Instant since,
        Map<String, List<String>> elements,
        List<String> warnings) {}
