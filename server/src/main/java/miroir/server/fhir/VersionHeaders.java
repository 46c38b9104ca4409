package miroir.server.fhir;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import miroir.index.Refusal;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceKey;
import miroir.index.store.ResourceVersion;

/** Versions in HTTP: the headers that name one, and the conditions that clients put on one. */
final class VersionHeaders {
    /** As HTTP has it, with two figures for the day. */
    private static final DateTimeFormatter HTTP_DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH);

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
        return HTTP_DATE.format(second(version).atZone(ZoneOffset.UTC));
    }

    /** The second in which it became the current one. */
    static Instant second(ResourceVersion version) {
        return version.from().truncatedTo(ChronoUnit.SECONDS);
    }

    static String location(String base, ResourceVersion version) {
        return base + "/" + reference(version.key(), version.version());
    }

    /** How a version is referred to. */
    static String reference(ResourceKey key, long version) {
        return key + "/_history/" + version;
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

    /** Refuses conditions rather than ignoring them, with why there can be none. */
    static void refuseConditions(FhirRequest request, String why) {
        for (String condition : List.of("If-Match", "If-None-Match", "If-Unmodified-Since")) {
            if (request.header(condition) != null) {
                throw new Refusal(Refusal.Reason.NOT_SUPPORTED, condition + ": " + why);
            }
        }
    }

    private static Precondition match(EntityTags tags) {
        return tags.any() ? Precondition.present() : Precondition.versionIsAmong(Set.copyOf(tags.versions()));
    }

    /** A date that nobody can read is no condition, as HTTP wants it. */
    static Optional<Instant> instant(String httpDate) {
        try {
            return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(httpDate.strip(), Instant::from));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
