package miroir.sync.upstream;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import miroir.sync.upstream.UpstreamFailed.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Tells from status, headers and body what an answer means. The directory's statuses are not what FHIR says: an unknown
 * parameter is a 500, a link that has died a 500 with a sentence, and a failure in mid-answer a 200 whose JSON ends early.
 */
final class JudgeAnswer {
    private static final Set<Integer> DEAD_LINK = Set.of(400, 404, 410);
    private static final Set<Integer> PASSING = Set.of(404, 408, 425, 500, 502, 503, 504);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);
    private static final int SHOWN = 300;

    private final URI base;
    private final Oddities oddities;

    JudgeAnswer(URI base, Oddities oddities) {
        this.base = base;
        this.oddities = oddities;
    }

    /**
     * One answer.
     *
     * @param link whether a link to a next page was followed
     */
    @SuppressWarnings("ArrayRecordComponent") // nobody compares answers
    record Received(
            int status,
            @Nullable String date,
            @Nullable String retryAfter,
            @Nullable String contentType,
            byte[] body,
            boolean link) {}

    Answer judge(Received received, String type) {
        int status = received.status();
        String said = status + ": " + shown(received.body());
        if (status == 200) {
            return page(received, type);
        }
        if (status == 429) {
            return new Answer.Again("the quota is used up (429)", retryAfter(received), false, status);
        }
        if (status == 401 || status == 403) {
            return new Answer.Failed(
                    Kind.KEY_REFUSED, "the upstream refuses the key, or what it opens (" + said + ")", status);
        }
        if (received.link() && (DEAD_LINK.contains(status) || isTooOld(received))) {
            return new Answer.Failed(Kind.DEAD_LINK, "the link to the next page is dead (" + said + ")", status);
        }
        if (status == 500 && isAboutTheQuestion(received)) {
            return new Answer.Failed(
                    Kind.QUESTION_REFUSED, "the upstream does not understand the question (" + said + ")", status);
        }
        if (PASSING.contains(status)) {
            return new Answer.Again("the upstream answers " + said, retryAfter(received), status >= 500, status);
        }
        return new Answer.Failed(Kind.QUESTION_REFUSED, "the upstream answers " + said, status);
    }

    private Answer page(Received received, String type) {
        try {
            Page page = new PageReader(base, type, date(received), oddities).read(received.body());
            String contentType = received.contentType();
            if (contentType == null || !contentType.toLowerCase(Locale.ROOT).contains("json")) {
                oddities.count("content type");
            }
            return new Answer.Whole(page);
        } catch (NotWhole e) {
            return e.isLasting()
                    ? new Answer.Failed(
                            Kind.QUESTION_REFUSED, "a page that is of no use: " + e.getMessage(), received.status())
                    : new Answer.Again(
                            "a page that is not whole: " + e.getMessage(), null, true, true, received.status());
        }
    }

    private static @Nullable Instant date(Received received) {
        try {
            return UpstreamDate.parse(received.date());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static boolean isTooOld(Received received) {
        return received.status() == 500 && text(received.body()).contains("too old or corrupted");
    }

    private static boolean isAboutTheQuestion(Received received) {
        String text = text(received.body());
        return text.contains("not found for resource") || text.contains("must be in the FHIR format");
    }

    private static @Nullable Duration retryAfter(Received received) {
        String header = received.retryAfter();
        if (header == null) {
            return null;
        }
        try {
            Duration wait = header.strip().matches("[0-9]{1,6}")
                    ? Duration.ofSeconds(Long.parseLong(header.strip()))
                    : Duration.between(UpstreamDate.parse(received.date()), UpstreamDate.parse(header));
            return wait.isNegative() ? Duration.ZERO : wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
        } catch (IllegalArgumentException | DateTimeException e) {
            return null;
        }
    }

    private static String shown(byte[] body) {
        String text = text(body).strip();
        return text.isEmpty() ? "no text" : text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
    }

    private static String text(byte[] body) {
        return new String(body, 0, Math.min(body.length, 4_000), StandardCharsets.UTF_8);
    }
}
