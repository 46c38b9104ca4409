package miroir.server.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
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

    private static ToldCause told(Cause cause, @Nullable String held) {
        return new ToldCause(cause, "technical", ToldCause.sourceOf("up/Device"), held, "/admin/runs/r#rejections");
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
        assertThat(french.path() == null).isEqualTo(!kind.isOfSource() && kind != Kind.GUARD && kind != Kind.REJECTS);
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
