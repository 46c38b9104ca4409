package miroir.server.fhir;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import miroir.index.Refusal;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceVersion;
import org.jspecify.annotations.Nullable;

/** Versions in HTTP: the headers that name one, and the conditions that clients put on one. */
final class VersionHeaders {
    private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,17}");

    private VersionHeaders() {}

    static String etag(ResourceVersion version) {
        return etag(version.version());
    }

    static String etag(long version) {
        return "W/\"" + version + "\"";
    }

    /** The number of a version that a path names; empty where no version can have that name. */
    static OptionalLong number(String version) {
        return VERSION.matcher(version).matches() ? OptionalLong.of(Long.parseLong(version)) : OptionalLong.empty();
    }

    /** Whole seconds, which is all that HTTP has. */
    static String lastModified(ResourceVersion version) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(
                version.from().truncatedTo(ChronoUnit.SECONDS).atZone(ZoneOffset.UTC));
    }

    static String location(String base, ResourceVersion version) {
        return base + "/" + version.key() + "/_history/" + version.version();
    }

    /** Whether the client has this version already. {@code If-None-Match} decides alone where it is given. */
    static boolean isKnown(
            ResourceVersion version, @Nullable EntityTags ifNoneMatch, @Nullable String ifModifiedSince) {
        if (ifNoneMatch != null) {
            return ifNoneMatch.name(Long.toString(version.version()));
        }
        return ifModifiedSince != null
                && instant(ifModifiedSince)
                        .filter(since ->
                                !version.from().truncatedTo(ChronoUnit.SECONDS).isAfter(since))
                        .isPresent();
    }

    /**
     * What {@code If-Match} and {@code If-None-Match} of a write demand. An ETag that no version has holds for none. A date
     * is refused: who relies on it would overwrite what others wrote within the same second.
     */
    static Precondition precondition(FhirRequest request) {
        if (request.header("If-Unmodified-Since") != null) {
            throw new Refusal(
                    Refusal.Reason.NOT_SUPPORTED, "If-Unmodified-Since is not offered; If-Match with an ETag is");
        }
        EntityTags match = request.tags("If-Match");
        EntityTags noneMatch = request.tags("If-None-Match");
        if (noneMatch == null) {
            return match == null ? Precondition.none() : match(match);
        }
        if (!noneMatch.any() || match != null) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "a write takes If-Match, with ETags or *, or If-None-Match: *; not both, and no ETags in If-None-Match");
        }
        return Precondition.absent();
    }

    private static Precondition match(EntityTags tags) {
        return tags.any() ? Precondition.present() : Precondition.versionIsAmong(Set.copyOf(tags.versions()));
    }

    /** A date that nobody can read is no condition, as HTTP wants it. */
    private static Optional<Instant> instant(String httpDate) {
        try {
            return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(httpDate.strip(), Instant::from));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
