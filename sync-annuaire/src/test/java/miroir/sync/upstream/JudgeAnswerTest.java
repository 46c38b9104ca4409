package miroir.sync.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import miroir.sync.upstream.JudgeAnswer.Received;
import miroir.sync.upstream.UpstreamFailed.Kind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JudgeAnswerTest {
    private static final String DATE = "Tue, 25 Aug 2026 10:16:00 GMT";
    private static final String TOO_OLD = "The url can't be processed. Maybe it is too old or corrupted.";

    private final Oddities oddities = new Oddities();
    private final JudgeAnswer judgeAnswer = new JudgeAnswer(URI.create("https://a.example/fhir/v2"), oddities);

    private Answer judge(int status, String body, boolean link) {
        return judge(status, body, link, null, "application/fhir+json");
    }

    private Answer judge(int status, String body, boolean link, @Nullable String retryAfter, String contentType) {
        return judgeAnswer.judge(
                new Received(status, DATE, retryAfter, contentType, body.getBytes(UTF_8), link), "Device");
    }

    private static String page(String entries, String links) {
        return "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"total\":1,\"entry\":[" + entries + "],\"link\":["
                + links + "]}";
    }

    @Test
    void page_whole_hasDateTotalLinkAndEntries() {
        Answer answer = judge(
                200,
                page(
                        "{\"resource\":{\"resourceType\":\"Device\",\"id\":\"1\",\"meta\":{\"lastUpdated\":"
                                + "\"2025-04-28T18:19:26.335+02:00\"},\"x\":[{\"id\":\"no\"}]}}",
                        "{\"relation\":\"next\",\"url\":\"https://a.example/fhir/v2/_page?id=u1\"}"),
                false);

        assertThat(answer).isInstanceOfSatisfying(Answer.Whole.class, whole -> {
            assertThat(whole.page().date()).isEqualTo(Instant.parse("2026-08-25T10:16:00Z"));
            assertThat(whole.page().total()).isEqualTo(1);
            assertThat(whole.page().next()).isEqualTo(URI.create("https://a.example/fhir/v2/_page?id=u1"));
            Entry entry = whole.page().entries().get(0);
            assertThat(entry.id()).isEqualTo("1");
            assertThat(entry.updated()).isEqualTo(Instant.parse("2025-04-28T16:19:26.335Z"));
            assertThat(new String(entry.json(), UTF_8))
                    .startsWith("{\"resourceType\"")
                    .endsWith("\"no\"}]}");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "<html></html>",
                "[]",
                "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":[]}",
                "{\"resourceType\":\"Bundle\",\"type\":\"history\",\"link\":[]}",
                "{\"resourceType\":\"OperationOutcome\"}",
                "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":[{}],\"link\":[]}",
                "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":[{\"resource\":{\"id\":\"1\"}}],\"link\":[]}",
                "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":[{\"resource\":{\"resourceType\":\"Device\"}}],"
                        + "\"link\":[]}",
                "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"link\":[null]}",
                "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"link\":[]}x"
            })
    void page_notWhole_isAskedForAgain(String body) {
        assertThat(judge(200, body, false))
                .isInstanceOfSatisfying(
                        Answer.Again.class,
                        again -> assertThat(again.unreadable()).isTrue());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://b.example/",
                "https://a.example:8443/fhir/v2/_page?id=1",
                "http://a.example/fhir/v2/_page?id=1",
                "https://x@a.example/fhir/v2/_page?id=1",
                "mailto:a@a.example"
            })
    void page_linkedToAnotherServer_isNotAskedForAgain(String url) {
        assertThat(judge(200, page("", "{\"relation\":\"next\",\"url\":\"" + url + "\"}"), false))
                .isInstanceOfSatisfying(Answer.Failed.class, failed -> {
                    assertThat(failed.kind()).isEqualTo(Kind.QUESTION_REFUSED);
                    assertThat(failed.reason()).contains("another server", "the source's url must be");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://a.example:443/fhir/v2/_page?id=1", "HTTPS://A.example/x", "_page?id=1", "/x"})
    void page_linkedToTheSameServer_isWhole(String url) {
        assertThat(judge(200, page("", "{\"relation\":\"next\",\"url\":\"" + url + "\"}"), false))
                .isInstanceOf(Answer.Whole.class);
    }

    @Test
    void page_withoutAClock_isRefusedOnlyWhereItIsWhole() {
        Received whole =
                new Received(200, null, null, "application/json", page("", "").getBytes(UTF_8), false);
        Received broken = new Received(200, null, null, "text/html", "<html>".getBytes(UTF_8), false);

        assertThat(judgeAnswer.judge(whole, "Device"))
                .isInstanceOfSatisfying(
                        Answer.Failed.class,
                        failed -> assertThat(failed.reason()).contains("no Date header"));
        assertThat(judgeAnswer.judge(broken, "Device")).isInstanceOf(Answer.Again.class);
    }

    @Test
    void page_cutAnywhere_isNeverWhole() {
        String whole = page(
                "{\"resource\":{\"resourceType\":\"Device\",\"id\":\"1\"}}", "{\"relation\":\"self\",\"url\":\"x\"}");

        assertThat(judge(200, whole, false)).isInstanceOf(Answer.Whole.class);
        for (int length = 0; length < whole.length(); length++) {
            assertThat(judge(200, whole.substring(0, length), false))
                    .as("%d bytes", length)
                    .isInstanceOf(Answer.Again.class);
        }
    }

    @Test
    void page_oddButWhole_isCounted() {
        judge(200, "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"link\":[]}", false, null, "text/plain");
        judge(
                200,
                page(
                        "{\"search\":{\"mode\":\"include\"},\"resource\":{\"resourceType\":\"Organization\",\"id\":\"1\"}}",
                        ""),
                false);

        assertThat(oddities.counts()).containsKeys("content type", "no total", "entry of mode include");
    }

    @ParameterizedTest
    @CsvSource({"400,x", "404,x", "410,x", "500," + TOO_OLD})
    void link_thatDied_isDead(int status, String body) {
        assertThat(judge(status, body, true))
                .isInstanceOfSatisfying(
                        Answer.Failed.class, failed -> assertThat(failed.kind()).isEqualTo(Kind.DEAD_LINK));
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 408, 500, 502, 503, 504})
    void failures_thatPass_areTriedAgain(int status) {
        assertThat(judge(status, "", false)).isInstanceOf(Answer.Again.class);
    }

    @Test
    void failures_thatDoNotPass_areTold() {
        assertThat(judge(401, "", false))
                .isInstanceOfSatisfying(
                        Answer.Failed.class, failed -> assertThat(failed.kind()).isEqualTo(Kind.KEY_REFUSED));
        assertThat(judge(500, "Parameter _sort not found for resource Device", false))
                .isInstanceOfSatisfying(
                        Answer.Failed.class, failed -> assertThat(failed.kind()).isEqualTo(Kind.QUESTION_REFUSED));
        assertThat(judge(400, "", false)).isInstanceOf(Answer.Failed.class);
        assertThat(judge(302, "", false)).isInstanceOf(Answer.Failed.class);
    }

    @ParameterizedTest
    @CsvSource({"7,7", "'Tue, 25 Aug 2026 10:16:09 GMT',9", "99999,300", "soon,", ","})
    void retryAfter_secondsOrDate_isHeeded(@Nullable String header, @Nullable Integer seconds) {
        assertThat(judge(429, "", false, header, "text/plain"))
                .isInstanceOfSatisfying(
                        Answer.Again.class,
                        again -> assertThat(again.after())
                                .isEqualTo(seconds == null ? null : Duration.ofSeconds(seconds)));
    }
}
