package miroir.server.fhir;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import miroir.index.Refusal;
import miroir.index.store.Precondition;
import miroir.index.store.ResourceVersion;
import org.jspecify.annotations.Nullable;

/** Versions in HTTP: the headers that name one, and the conditions that clients put on one. */
final class VersionHeaders {
    private static final Pattern ETAG = Pattern.compile("(?:W/)?\"([^\"]*)\"");
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
    static boolean isKnown(ResourceVersion version, @Nullable String ifNoneMatch, @Nullable String ifModifiedSince) {
        if (ifNoneMatch != null) {
            return Arrays.stream(ifNoneMatch.split(",", -1))
                    .map(String::strip)
                    .anyMatch(tag -> tag.equals("*") || names(tag, version));
        }
        return ifModifiedSince != null
                && instant(ifModifiedSince)
                        .filter(since ->
                                !version.from().truncatedTo(ChronoUnit.SECONDS).isAfter(since))
                        .isPresent();
    }

    /** What {@code If-Match} and {@code If-None-Match} of a write demand. */
    static Precondition precondition(@Nullable String ifMatch, @Nullable String ifNoneMatch) {
        if (ifNoneMatch != null) {
            if (!ifNoneMatch.strip().equals("*") || ifMatch != null) {
                throw new Refusal(
                        Refusal.Reason.INVALID,
                        "a write takes If-Match: W/\"[version]\" or If-None-Match: *, not If-None-Match: "
                                + ifNoneMatch);
            }
            return Precondition.absent();
        }
        return ifMatch == null ? Precondition.none() : match(ifMatch.strip());
    }

    private static Precondition match(String ifMatch) {
        return ifMatch.equals("*")
                ? Precondition.present()
                : Precondition.versionIsAmong(Arrays.stream(ifMatch.split(",", -1))
                        .map(tag -> version(tag.strip()))
                        .collect(Collectors.toSet()));
    }

    private static long version(String tag) {
        Matcher etag = ETAG.matcher(tag);
        String version = etag.matches() ? etag.group(1) : tag;
        if (!VERSION.matcher(version).matches()) {
            throw new Refusal(
                    Refusal.Reason.INVALID,
                    "If-Match: " + tag
                            + " is not the ETag of a version, such as W/\"3\"; allowed: ETags, with commas between them, or *");
        }
        return Long.parseLong(version);
    }

    private static boolean names(String tag, ResourceVersion version) {
        Matcher etag = ETAG.matcher(tag);
        return (etag.matches() ? etag.group(1) : tag).equals(Long.toString(version.version()));
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
