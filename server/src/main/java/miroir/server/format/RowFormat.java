package miroir.server.format;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import miroir.index.Refusal;
import org.jspecify.annotations.Nullable;

/** In which form rows are sent, the usual one first. */
public enum RowFormat {
    NDJSON(
            "application/x-ndjson",
            "application/ndjson",
            "application/fhir+ndjson",
            "application/jsonl",
            "application/json-lines"),
    CSV("text/csv"),
    JSON("application/json", "application/fhir+json", "text/json");

    private final String mediaType;

    @SuppressWarnings("ImmutableEnumChecker") // a list that nobody can change
    private final List<String> otherTypes;

    RowFormat(String mediaType, String... otherTypes) {
        this.mediaType = mediaType;
        this.otherTypes = List.of(otherTypes);
    }

    /** Its name in {@code _format}, and the ending of a file. */
    public String shortName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What answers in it have. */
    public String contentType() {
        return mediaType + (this == JSON ? "" : ";charset=UTF-8");
    }

    /**
     * The one that is asked for.
     *
     * @param named what {@code _format} says, by short name or media type; it decides alone; null: nothing
     * @param accept the header; null: there is none
     */
    public static RowFormat of(@Nullable String named, @Nullable String accept) {
        if (named != null) {
            // A plus sign that was not percent-encoded arrives as a space.
            String name = MediaType.parse(named.strip().replace(' ', '+')).name();
            return Arrays.stream(values())
                    .filter(format -> format.isCalled(name))
                    .findFirst()
                    .orElseThrow(() -> refused("_format=" + Refusal.shown(named)));
        }
        return accept == null || accept.isBlank() ? NDJSON : accepted(accept);
    }

    private boolean isCalled(String name) {
        return name.equals(shortName()) || name.equals(mediaType) || otherTypes.contains(name);
    }

    private static RowFormat accepted(String accept) {
        List<MediaType> ranges =
                Arrays.stream(accept.split(",", -1)).map(MediaType::parse).toList();
        RowFormat best = null;
        double most = 0;
        for (RowFormat format : values()) {
            double quality = format.quality(ranges);
            if (quality > most) {
                most = quality;
                best = format;
            }
        }
        if (best == null) {
            throw refused("Accept: " + Refusal.shown(accept));
        }
        return best;
    }

    private double quality(List<MediaType> ranges) {
        double own = quality(ranges, mediaType);
        return otherTypes.stream().mapToDouble(type -> quality(ranges, type)).reduce(own, Math::max);
    }

    private static double quality(List<MediaType> ranges, String type) {
        int closest = 0;
        double quality = 0;
        for (MediaType range : ranges) {
            int closeness = range.closeness(type);
            if (closeness > closest) {
                closest = closeness;
                quality = range.quality();
            }
        }
        return quality;
    }

    private static Refusal refused(String what) {
        return new Refusal(
                Refusal.Reason.NOT_ACCEPTABLE,
                what + " is no form of rows that is given here; allowed: "
                        + Arrays.stream(values())
                                .map(format -> format.shortName() + " (" + format.mediaType + ")")
                                .collect(Collectors.joining(", ")));
    }
}
