package miroir.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import miroir.server.console.ToldCause.Line;
import miroir.server.pages.Language;
import miroir.storage.sync.Cause;
import miroir.storage.sync.Cause.Kind;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ToldCauseTest {
    private static final View FRENCH = FragmentsTest.view(Language.FR);
    private static final View ENGLISH = FragmentsTest.view(Language.EN);

    private static final Set<Kind> LEADING = Set.of(Kind.GUARD, Kind.REJECTS, Kind.QUESTION_REFUSED);

    private static ToldCause told(Cause cause, @Nullable String held) {
        return new ToldCause(
                cause, "technical", ToldCause.sourceOf("up/Device"), held, false, "/admin/runs/r#rejections");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void lines_ofEveryKind_areSentencesOfBothLanguages(Kind kind) {
        Object[] values =
                IntStream.range(0, kind.places()).mapToObj(i -> 400 + i).toArray();
        ToldCause told = told(Cause.of(kind, "in English", values), "/admin/synchronisations/up.Device#held");

        Line french = told.lines(FRENCH).get(0);
        assertThat(french.text())
                .endsWith(".")
                .doesNotContain("{")
                .isNotEqualTo(told.lines(ENGLISH).get(0).text());
        assertThat(french.path() == null).isEqualTo(!kind.isOfSource() && !LEADING.contains(kind));
    }

    @Test
    void lines_haveNumbersOfTheLanguage() {
        Cause cause = Cause.of(Kind.GUARD, "x", 1_170, 3_970, Cause.percent(0.025));

        assertThat(told(cause, null).lines(FRENCH).get(0).text().replaceAll("[\u00a0\u202f]", " "))
                .contains("1 170 ressources sur 3 970", "2,5 %");
        assertThat(told(cause, null).lines(ENGLISH).get(0).text()).contains("1,170 of 3,970", "2.5 %");
    }

    @Test
    void lines_leadToWhereSomethingCanBeDone() {
        assertThat(told(Cause.of(Kind.KEY_REFUSED, "x", 401), null).lines(FRENCH))
                .extracting(Line::path)
                .containsExactly("/admin/sources/up");
        assertThat(told(Cause.of(Kind.REJECTS, "x", 34, 397, 1), null).lines(FRENCH))
                .extracting(Line::path)
                .containsExactly("/admin/runs/r#rejections");
        assertThat(told(Cause.of(Kind.GUARD, "x", 117, 397, 5), null).lines(FRENCH))
                .as("who may not confirm is not led there")
                .extracting(Line::path)
                .containsOnlyNulls();
    }

    /** It may be the source itself that is not there. */
    @Test
    void lines_ofASourceThatIsNotConfigured_leadToAll() {
        assertThat(told(Cause.of(Kind.NOT_CONFIGURED, "x", "up"), null).lines(FRENCH))
                .containsExactly(new Line(FRENCH.say("cause.NOT_CONFIGURED", "up"), "/admin/sources", "cause.sources"));
        assertThat(ToldCause.ofTrial("up", Cause.of(Kind.NOT_CONFIGURED, "x", "up"))
                        .lines(FRENCH))
                .extracting(Line::path)
                .containsOnlyNulls();
    }

    @Test
    void lines_ofNames_areNoNumbers() {
        assertThat(text(Cause.of(Kind.NOT_CONFIGURED, "x", "2024"))).contains("la source 2024 ");
        assertThat(text(Cause.of(Kind.NOT_TRUSTED, "x", "10"))).contains("de 10 ");
    }

    @Test
    void lines_ofASmallShare_doNotSayNone() {
        assertThat(text(Cause.of(Kind.GUARD, "x", 3, 700_000, Cause.percent(0.000004))))
                .contains("plus de 0,0004 %");
    }

    /** It answered since: deltas are copied. */
    @Test
    void lines_behindAFullPassThatIsPutOff_areOfTheLastTime() {
        Cause putOff = Cause.of(Kind.PUT_OFF, "put off", 3).and(Cause.of(Kind.ANSWERS, "502", 502), "put off: 502");

        assertThat(told(putOff, null).lines(FRENCH))
                .extracting(Line::text)
                .element(1)
                .asString()
                .startsWith("La dernière fois : la source répond par l’erreur 502.");
        assertThat(told(putOff, null).lines(ENGLISH))
                .extracting(Line::text)
                .element(1)
                .asString()
                .startsWith("The last time: the source answers with the error 502.");
    }

    private static String text(Cause cause) {
        return told(cause, null).lines(FRENCH).get(0).text();
    }

    /** The English of what an older Miroir wrote is all that there is: it is not hidden. */
    @Test
    void cause_withoutAKind_isShownAsItIs() {
        String shown = Pages.part(
                "cause", Map.of("view", FRENCH, "told", told(Cause.unknown("it <failed>: ./miroir x"), null)));

        assertThat(shown)
                .contains(FRENCH.say("cause.unknown"), "it &lt;failed&gt;")
                .containsPattern("<details id=\"technical\" open");
    }

    @Test
    void cause_withAKind_hasItsEnglishFolded() {
        String shown =
                Pages.part("cause", Map.of("view", FRENCH, "told", told(Cause.of(Kind.DATABASE, "in English"), null)));

        assertThat(shown).contains("<p lang=\"en\">in English</p>").doesNotContain(" open");
    }
}
