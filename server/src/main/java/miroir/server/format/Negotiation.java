package miroir.server.format;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import miroir.index.Refusal;
import miroir.index.search.QueryParameter;
import org.jspecify.annotations.Nullable;

/**
 * Which format a client asks for.
 *
 * <p>{@code _format} decides alone. Else the {@code Accept} header is read as RFC 9110 has it: the range that fits a media
 * type most closely gives it its quality, and the format with the best of its names wins; the one that this server prefers where
 * both are wanted alike: JSON, which costs us less, unless somebody says otherwise. There is one addition. Browsers want HTML, and XML rather than
 * anything else; who wants HTML most is a person in front of one, and gets the preferred format with indentation, which every browser shows.
 */
final class Negotiation {
    private static final String ALLOWED = " is not a format that is given here; allowed: " + Format.allowedMediaTypes()
            + " (_format also: json, xml)";

    private final List<MediaType> accepted;

    private Negotiation(List<MediaType> accepted) {
        this.accepted = accepted;
    }

    static AnswerFormat of(List<QueryParameter> query, @Nullable String accept, Format preferred) {
        List<String> formats = values(query, "_format");
        if (!formats.isEmpty()) {
            return new AnswerFormat(named(formats), pretty(query, false));
        }
        if (accept == null || accept.isBlank()) {
            return new AnswerFormat(preferred, pretty(query, false));
        }
        // What most clients send needs no reading.
        return accept.equals(Format.JSON.mediaType())
                ? new AnswerFormat(Format.JSON, pretty(query, false))
                : read(accept).choose(query, accept, preferred);
    }

    /**
     * The same for who reads a Binary: where neither format is wanted the content is, in whatever type it has.
     */
    static AnswerFormat ofBinary(List<QueryParameter> query, @Nullable String accept, Format preferred) {
        boolean anything = query.isEmpty()
                && accept != null
                && !accept.isBlank()
                && !read(accept).isForResource();
        return anything ? new AnswerFormat(preferred, false) : of(query, accept, preferred);
    }

    /**
     * Whether who reads a Binary is answered its content, in its own media type. R4 has it so unless FHIR's media types are asked
     * for by name, which have to be wanted no less than that type; the general name of a format, such as {@code application/xml},
     * is one of a content that has this format. Parameters say how a resource is answered, and so ask for that.
     */
    static boolean isForContent(List<QueryParameter> query, @Nullable String accept, String contentType) {
        if (!query.isEmpty()) {
            return false;
        }
        if (accept == null || accept.isBlank()) {
            return true;
        }
        Negotiation asked = read(accept);
        double content = asked.qualityOfContent(contentType);
        double named = Arrays.stream(Format.values())
                .filter(asked::mentions)
                .mapToDouble(asked::quality)
                .max()
                .orElse(0);
        return named > 0 ? content > named : content > 0 || !asked.isForResource();
    }

    private static Negotiation read(String accept) {
        return new Negotiation(Arrays.stream(accept.split(",", -1))
                .map(MediaType::parse)
                .filter(MediaType::isOfOurVersion)
                .toList());
    }

    private boolean isForResource() {
        return Arrays.stream(Format.values()).anyMatch(format -> quality(format) > 0);
    }

    /** By its own name, or the general one of its format. */
    private double qualityOfContent(String contentType) {
        String name = MediaType.parse(contentType).name();
        Stream<String> general = Arrays.stream(Format.values())
                .filter(format -> format.isThatOf(name))
                .flatMap(format -> format.generalTypes().stream());
        return Stream.concat(Stream.of(name), general)
                .mapToDouble(this::quality)
                .max()
                .orElse(0);
    }

    private AnswerFormat choose(List<QueryParameter> query, String accept, Format preferred) {
        double json = quality(Format.JSON);
        double xml = quality(Format.XML);
        double html = quality("text/html");
        if (json == 0 && xml == 0) {
            throw new Refusal(Refusal.Reason.NOT_ACCEPTABLE, "Accept: " + Refusal.shown(accept) + ALLOWED);
        }
        boolean person = html > Math.max(json, xml);
        Format better = xml > json ? Format.XML : Format.JSON;
        boolean alike = json == xml || (person && Math.min(json, xml) > 0);
        return new AnswerFormat(alike ? preferred : better, pretty(query, person));
    }

    /** The best of its names, unless FHIR's own, which the answer will have, is mentioned. */
    private double quality(Format format) {
        return mentions(format)
                ? quality(format.mediaType())
                : format.mediaTypes().stream().mapToDouble(this::quality).max().orElse(0);
    }

    private boolean mentions(Format format) {
        return accepted.stream().anyMatch(range -> range.name().equals(format.mediaType()));
    }

    private double quality(String mediaType) {
        int closest = 0;
        double quality = 0;
        for (MediaType range : accepted) {
            int closeness = range.closeness(mediaType);
            if (closeness > closest) {
                closest = closeness;
                quality = range.quality();
            }
        }
        return quality;
    }

    private static Format named(List<String> formats) {
        if (formats.size() > 1) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "_format is given as " + Refusal.shown(String.join(" and as ", formats))
                            + "; allowed is one value");
        }
        // A plus sign that was not percent-encoded arrives as a space.
        MediaType asked = MediaType.parse(formats.get(0).strip().replace(' ', '+'));
        return Arrays.stream(Format.values())
                .filter(format -> asked.isOfOurVersion())
                .filter(format -> asked.name().equals(format.shortName())
                        || format.mediaTypes().contains(asked.name()))
                .findFirst()
                .orElseThrow(() -> new Refusal(
                        Refusal.Reason.NOT_ACCEPTABLE, "_format=" + Refusal.shown(formats.get(0)) + ALLOWED));
    }

    private static boolean pretty(List<QueryParameter> query, boolean otherwise) {
        List<String> values = values(query, "_pretty");
        if (values.isEmpty()) {
            return otherwise;
        }
        return switch (values.get(values.size() - 1)) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw new Refusal(
                        Refusal.Reason.INVALID,
                        "_pretty=" + Refusal.shown(values.get(values.size() - 1)) + "; allowed: true, false");
        };
    }

    private static List<String> values(List<QueryParameter> query, String name) {
        return query.stream()
                .filter(parameter -> parameter.name().equals(name))
                .map(QueryParameter::value)
                .distinct()
                .toList();
    }
}
