package miroir.index.extract;

import java.time.ZoneId;
import java.util.Set;

/**
 * What extraction depends on besides the search parameters.
 *
 * @param zone where dates without a zone are meant
 * @param ownBases our own base URLs, without a slash at the end: references to them are local
 */
public record ExtractionSettings(ZoneId zone, Set<String> ownBases) {
    public ExtractionSettings {
        ownBases = Set.copyOf(ownBases);
    }
}
