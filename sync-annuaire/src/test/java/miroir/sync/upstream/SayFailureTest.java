package miroir.sync.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import miroir.storage.sync.Cause;
import miroir.storage.sync.Cause.Kind;
import miroir.storage.sync.Cause.Said;
import org.junit.jupiter.api.Test;

/** What can be said, in any language, of what an upstream answers or does not. */
class SayFailureTest {
    private static final String TEXT = "in English";

    private static Cause of(UpstreamFailed.Kind kind, int status, boolean withoutKey) {
        Source source =
                Source.of("up", URI.create("https://up.example/fhir"), new SourceKey("X-Key", "", "the variable KEY"));
        return SayFailure.of(new Answer.Failed(kind, "why", status), TEXT, source, withoutKey);
    }

    private static Answer.Again again(int status) {
        return new Answer.Again("why", null, true, status);
    }

    private static void assertSays(Cause cause, Kind kind, String... values) {
        assertThat(cause).isEqualTo(new Cause(TEXT, List.of(new Said(kind, Arrays.asList(values)))));
    }

    @Test
    void key_refusedAndMissing_areTwoThings() {
        assertSays(of(UpstreamFailed.Kind.KEY_REFUSED, 403, false), Kind.KEY_REFUSED, "403");
        assertSays(of(UpstreamFailed.Kind.KEY_REFUSED, 401, true), Kind.NO_KEY, "401");
    }

    @Test
    void certificate_thatIsNotTrusted_namesTheHost() {
        assertSays(of(UpstreamFailed.Kind.NOT_TRUSTED, 0, false), Kind.NOT_TRUSTED, "up.example");
    }

    /** A redirection, and a page that is none, are of another address than was meant. */
    @Test
    void question_refused_isAnErrorAlone() {
        assertSays(of(UpstreamFailed.Kind.QUESTION_REFUSED, 400, false), Kind.QUESTION_REFUSED, "400");
        assertSays(of(UpstreamFailed.Kind.QUESTION_REFUSED, 302, false), Kind.UNREADABLE);
        assertSays(of(UpstreamFailed.Kind.QUESTION_REFUSED, 200, false), Kind.UNREADABLE);
    }

    /** Resources did come: that is no source that only counts. */
    @Test
    void link_thatIsDead_isSaidToBeThat() {
        assertSays(of(UpstreamFailed.Kind.DEAD_LINK, 410, false), Kind.LINK_DEAD, "410");
        assertSays(SayFailure.ofNextPage(again(500), 3, TEXT), Kind.LINK_FAILS, "3", "500");
        assertSays(SayFailure.ofNextPage(again(0), 3, TEXT), Kind.LINK_LOST, "3");
        assertThat(of(UpstreamFailed.Kind.DEAD_LINK, 410, false).isOfSource()).isFalse();
        assertThat(SayFailure.ofNextPage(again(500), 3, TEXT).isOfSource()).isTrue();
    }

    @Test
    void firstPage_thatDoesNotCome_isTheSources() {
        assertSays(SayFailure.ofFirstPage(again(504), 6, TEXT), Kind.PAGE_FAILS, "6", "504");
        assertSays(SayFailure.ofFirstPage(again(200), 6, TEXT), Kind.PAGE_LOST, "6");
        assertSays(SayFailure.ofFirstPage(again(0), 6, TEXT), Kind.PAGE_LOST, "6");
    }

    @Test
    void nothing_forTooLong_isSaidByTheLastAnswer() {
        assertSays(SayFailure.ofAll(again(0), TEXT), Kind.UNREACHABLE);
        assertSays(SayFailure.ofAll(again(200), TEXT), Kind.UNREADABLE);
        assertSays(SayFailure.ofAll(again(429), TEXT), Kind.QUOTA);
        assertSays(SayFailure.ofAll(again(502), TEXT), Kind.ANSWERS, "502");
    }

    /** It passes seldom: who wrote the address is to look at it. */
    @Test
    void nothing_but404_isOfTheAddress() {
        assertSays(SayFailure.ofAll(again(404), TEXT), Kind.NOT_THERE, "404");
    }

    @Test
    void whatNobodyNamed_isItsWords() {
        assertThat(of(UpstreamFailed.Kind.AWAY, 0, false)).isEqualTo(Cause.unknown(TEXT));
    }
}
