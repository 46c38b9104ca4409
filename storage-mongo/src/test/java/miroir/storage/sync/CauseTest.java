package miroir.storage.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import miroir.storage.sync.Cause.Kind;
import miroir.storage.sync.Cause.Said;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CauseTest {
    private static final Cause HELD = Cause.of(Kind.GUARD, "117 of 397 are gone", 117, 397, Cause.percent(0.05));

    private static BsonDocument written(Cause cause) {
        return new Fields().cause("cause", cause).document();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void cause_ofEveryKind_isReadAsItWasWritten(Kind kind) {
        Object[] values = IntStream.range(0, kind.places()).boxed().toArray();
        Cause cause = Cause.of(kind, "so it was", values);

        assertThat(Cause.of(written(cause), "cause")).isEqualTo(cause);
    }

    @Test
    void cause_ofAnOlderMiroir_isItsText() {
        assertThat(Cause.of(new BsonDocument("cause", new BsonString("it failed")), "cause"))
                .isEqualTo(Cause.unknown("it failed"));
        assertThat(Cause.of(new BsonDocument(), "cause")).isNull();
    }

    /** It writes the text, and leaves what it does not know. */
    @Test
    void kinds_ofAnotherText_areNotBelieved() {
        BsonDocument document = written(HELD);
        document.put("cause", new BsonString("the upstream answers 502"));

        assertThat(Cause.of(document, "cause")).isEqualTo(Cause.unknown("the upstream answers 502"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{kind: 'of-later', values: []}",
                "{kind: 'guard', values: ['1']}",
                "{kind: 'guard'}",
                "{kind: 3, values: 3}",
                "3"
            })
    void kinds_thatAreNotKnown_areLeftOut(String said) {
        BsonDocument document = BsonDocument.parse("{cause: 'x', causeWhy: {of: 'x', said: [" + said + "]}}");

        assertThat(Cause.of(document, "cause")).isEqualTo(Cause.unknown("x"));
    }

    @Test
    void said_withOtherValuesThanItHas_isRefused() {
        assertThatThrownBy(() -> new Said(Kind.GUARD, List.of("1"))).hasMessageContaining("3 values");
    }

    @Test
    void and_ofTwo_saysBoth() {
        Cause both = HELD.and(Cause.of(Kind.UNREACHABLE, "no answer"), "first, then");

        assertThat(both.text()).isEqualTo("first, then");
        assertThat(both.has(Kind.GUARD)).isTrue();
        assertThat(both.isOfSource()).isTrue();
        assertThat(HELD.isOfSource()).isFalse();
    }

    /** What stands behind is of the last time: deltas came since. */
    @Test
    void ofSource_behindAFullPassThatIsPutOff_isNotNow() {
        Cause putOff = Cause.of(Kind.PUT_OFF, "put off", 3).and(Cause.of(Kind.ANSWERS, "502", 502), "put off: 502");

        assertThat(putOff.isOfSource()).isFalse();
        assertThat(putOff.isAnswered()).isTrue();
    }

    @Test
    void answered_isSaidOnlyWhereItIsKnown() {
        assertThat(HELD.isAnswered()).isTrue();
        assertThat(Cause.of(Kind.ANSWERS, "502", 502).isAnswered()).isFalse();
        assertThat(Cause.unknown("it failed").isAnswered()).isFalse();
        assertThat(Cause.of(Kind.DATABASE, "away").isAnswered()).isFalse();
        assertThat(Cause.of(Kind.UNEXPECTED, "a mistake").isAnswered()).isFalse();
    }

    @Test
    void with_aSecret_saysItNowhere() {
        Cause cause = Cause.of(Kind.NOT_CONFIGURED, "s3cret", "s3cret").with(text -> text.replace("s3cret", "…"));

        assertThat(cause).isEqualTo(Cause.of(Kind.NOT_CONFIGURED, "…", "…"));
    }

    @Test
    void percent_ofShares_hasNoMorePlacesThanItNeeds() {
        assertThat(Arrays.asList(0.05, 0.5, 1.0, 0.0, 0.0125, 0.00001).stream().map(Cause::percent))
                .containsExactly("5", "50", "100", "0", "1.25", "0.001");
    }
}
