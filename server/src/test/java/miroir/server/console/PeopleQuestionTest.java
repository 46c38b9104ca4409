package miroir.server.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import miroir.index.Refusal;
import miroir.index.search.QueryParameter;
import miroir.server.directory.TypedLine.Reading;
import org.junit.jupiter.api.Test;

final class PeopleQuestionTest {
    private static PeopleQuestion of(String query) {
        return PeopleQuestion.of(QueryParameter.decode(query));
    }

    private static List<String> asked(PeopleQuestion question, Reading reading) {
        return question.asked(reading).stream()
                .map(each -> each.name() + "=" + each.value())
                .toList();
    }

    @Test
    void question_asAFormSendsIt_leavesOutWhatIsEmpty() {
        PeopleQuestion question = of("q=&family=+&given=&lang=fr");

        assertThat(question.isEmpty()).isTrue();
        assertThat(question.hasFields()).isFalse();
    }

    @Test
    void asked_lineAndFields_areOneQuestion() {
        PeopleQuestion question = of("q=martin&city=lyon&fuzzy=true&active=any");

        assertThat(asked(question, question.readings().get(0)))
                .containsExactly("name=martin", "city=lyon", "active=any", "fuzzy=true", "_count=20");
        assertThat(question.readings())
                .noneMatch(reading -> reading.parts().stream()
                                .filter(part -> part.name().equals("city"))
                                .count()
                        > 1);
    }

    @Test
    void asked_ofAnotherPage_isItsLinkAlone() {
        PeopleQuestion question = of("q=martin&as=1&_page=token");

        assertThat(asked(question, question.readings().get(0))).containsExactly("_page=token");
    }

    @Test
    void readings_fieldSaysWhatTheLineSays_areRefused() {
        assertThatThrownBy(() -> of("q=13005&postalcode=69003").readings())
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("postalcode");
    }

    @Test
    void question_unknownOrTwice_isRefusedByName() {
        assertThatThrownBy(() -> of("name=x")).isInstanceOf(Refusal.class).hasMessageContaining("\"name\"");
        assertThatThrownBy(() -> of("q=x&q=y")).isInstanceOf(Refusal.class).hasMessageContaining("q is given twice");
        for (String as : new String[] {"0", "5", "x", "99999999999"}) {
            PeopleQuestion question = of("q=martin&as=" + as);
            assertThatThrownBy(() -> question.as(4)).isInstanceOf(Refusal.class).hasMessageContaining("1 to 4");
        }
    }

    @Test
    void link_hasWhatWasTyped_andWhatIsOther() {
        assertThat(of("q=l%C3%A9a+%26&city=x&lang=en").link(Map.of("fuzzy", "true")))
                .isEqualTo("?q=l%C3%A9a%20%26&city=x&fuzzy=true");
        assertThat(of("q=a&_page=t&as=2").link(Map.of("_page", "", "as", "3"))).isEqualTo("?q=a&as=3");
    }
}
