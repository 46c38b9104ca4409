package miroir.server.configuration;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import miroir.index.search.Handling;
import miroir.index.search.SameSystems;
import org.jspecify.annotations.Nullable;

/**
 * How much a search may ask for.
 *
 * @param defaultCount resources on a page when {@code _count} is not given
 * @param maximumCount a larger {@code _count} is cut to this
 * @param maximumParameters parameters in one query
 * @param maximumValues values separated by commas in one parameter
 * @param maximumIncluded resources that a page has beside its matches
 * @param maximumRanked people that are ranked as a whole at most
 * @param maximumExpansion codes of value sets and hierarchies in one query
 * @param cheapTotal matches are counted up to here for `_total=estimate`, and their number is estimated beyond
 * @param deadline all database calls of one search together
 * @param linkExpiry how long a link to a next page works
 * @param handling what is done with parameters that are not understood, unless the client says it
 * @param storedParameters whether SearchParameter resources that are stored change what is searched
 * @param refreshRate how many versions get their search fields anew in a second at most; 0: half of the time is left to others
 * @param directory the first segment of the path below which searches are read as the directory's own API does; null: there is none
 * @param sameSystems systems that go by other names as well
 */
public record SearchConfiguration(
        int defaultCount,
        int maximumCount,
        int maximumParameters,
        int maximumValues,
        int maximumIncluded,
        int maximumRanked,
        int maximumExpansion,
        int cheapTotal,
        Duration deadline,
        Duration linkExpiry,
        Handling handling,
        boolean storedParameters,
        int refreshRate,
        @Nullable String directory,
        SameSystems sameSystems) {
    static final List<String> KEYS = List.of(
            "defaultCount",
            "maximumCount",
            "maximumParameters",
            "maximumValues",
            "maximumIncluded",
            "maximumRanked",
            "maximumExpansion",
            "cheapTotal",
            "deadline",
            "linkExpiry",
            "handling",
            "storedParameters",
            "refreshRate",
            "directoryPath",
            "sameSystems");
    static final List<String> CHANGEABLE = List.of("defaultCount", "maximumCount", "maximumIncluded", "handling");

    /** The first segment of the path below which searches are read as the directory's own API does. */
    public Optional<String> directoryPath() {
        return Optional.ofNullable(directory);
    }

    private static SameSystems sameSystems(List<String> lines, ConfigurationFile file) {
        try {
            return SameSystems.of(lines);
        } catch (IllegalArgumentException none) {
            throw file.refuse("search.sameSystems: " + none.getMessage());
        }
    }

    static SearchConfiguration read(ConfigurationFile file) {
        Section section = file.section("search", KEYS, CHANGEABLE);
        SearchConfiguration search = new SearchConfiguration(
                section.integer("defaultCount", 50, 1, 10_000),
                section.integer("maximumCount", 1000, 1, 10_000),
                section.integer("maximumParameters", 100, 1, 10_000),
                section.integer("maximumValues", 1000, 1, 100_000),
                section.integer("maximumIncluded", 1000, 1, 10_000),
                section.integer("maximumRanked", 500, 1, 10_000),
                section.integer("maximumExpansion", 5000, 1, 50_000),
                section.integer("cheapTotal", 1000, 0, 1_000_000),
                section.duration("deadline", "30s"),
                section.duration("linkExpiry", "24h"),
                section.choice("handling", Handling.STRICT),
                section.bool("storedParameters", true),
                section.unless("refreshRate", "auto", node -> node.integer(1, 1_000_000))
                        .orElse(0),
                section.parsed(
                                "directoryPath",
                                TenantConfiguration::segment,
                                "1 to 30 of a-z, 0-9 and '-', with a letter first, and none of "
                                        + TenantConfiguration.TAKEN_SEGMENTS)
                        .orElse(null),
                sameSystems(section.texts("sameSystems", "directory"), file));
        if (search.defaultCount > search.maximumCount) {
            throw file.refuse("search.defaultCount is larger than search.maximumCount: " + search.defaultCount + " > "
                    + search.maximumCount);
        }
        return search;
    }
}
