package miroir.server.format;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import miroir.index.Refusal;
import org.jspecify.annotations.Nullable;

/** A format of FHIR resources, with the names that it goes by. */
public enum Format {
    JSON("application/fhir+json"),
    XML("application/fhir+xml");

    private final String mediaType;

    Format(String mediaType) {
        this.mediaType = mediaType;
    }

    /** FHIR's own media type. */
    public String mediaType() {
        return mediaType;
    }

    /** What answers in it have as their {@code Content-Type}, whichever of its names was asked for. */
    public String contentType() {
        return mediaType() + ";charset=UTF-8";
    }

    /** All its media types, FHIR's own first. */
    List<String> mediaTypes() {
        return Stream.concat(Stream.of(mediaType, formerType()), generalTypes().stream())
                .toList();
    }

    /** FHIR's own before R3; R4 encourages servers to know it still. */
    private String formerType() {
        return "application/" + shortName() + "+fhir";
    }

    /** Those of everything that has this format. */
    List<String> generalTypes() {
        return List.of("application/" + shortName(), "text/" + shortName());
    }

    /** Whether what has that media type has this format, resource or not. */
    boolean isThatOf(String type) {
        return generalTypes().contains(type) || type.endsWith("+" + shortName());
    }

    /** Its name in {@code _format}. */
    public String shortName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The format of that media type. */
    static Optional<Format> of(String mediaType) {
        return Arrays.stream(values())
                .filter(format -> format.mediaTypes().contains(mediaType))
                .findFirst();
    }

    /** The format of a body with that {@code Content-Type}, or a {@link Refusal}: it is one of ours, in UTF-8. */
    public static Format ofBody(@Nullable String contentType) {
        MediaType type = MediaType.parse(contentType == null ? "" : contentType);
        Format format = of(type.name()).orElseThrow(() -> unknown(contentType, allowedMediaTypes()));
        checkParameters(type);
        return format;
    }

    /** What a body with that {@code Content-Type} may be a resource in; empty where it can be none. */
    public static Optional<Format> mayBeOf(String contentType) {
        return of(MediaType.parse(contentType).name());
    }

    /** Whether a body with that {@code Content-Type} claims to be a resource, and not just JSON or XML. */
    public boolean isNamedBy(String contentType) {
        String name = MediaType.parse(contentType).name();
        return name.equals(mediaType) || name.equals(formerType());
    }

    static Refusal unknown(@Nullable String contentType, String allowed) {
        String found = contentType == null ? "without Content-Type" : "of Content-Type " + Refusal.shown(contentType);
        return new Refusal(Refusal.Reason.UNSUPPORTED_MEDIA_TYPE, "a body " + found + "; allowed: " + allowed);
    }

    static void checkParameters(MediaType type) {
        String charset = type.parameter("charset");
        if (charset != null && !charset.equals("utf-8")) {
            throw new Refusal(
                    Refusal.Reason.UNSUPPORTED_MEDIA_TYPE, "a body in " + Refusal.shown(charset) + "; allowed: utf-8");
        }
        if (!type.isOfOurVersion()) {
            throw new Refusal(
                    Refusal.Reason.UNSUPPORTED_MEDIA_TYPE,
                    "a body of fhirVersion=" + Refusal.shown(String.valueOf(type.parameter("fhirversion")))
                            + "; allowed: 4.0");
        }
    }

    static String allowedMediaTypes() {
        return Arrays.stream(values()).map(Format::mediaType).collect(Collectors.joining(", "));
    }
}
