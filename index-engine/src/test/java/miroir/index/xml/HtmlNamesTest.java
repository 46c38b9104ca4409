package miroir.index.xml;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HtmlNamesTest {
    /** The first and the last of runs, where a name too many or too few would show. */
    @ParameterizedTest
    @CsvSource({
        "nbsp, 160", "yuml, 255", "oelig, 339", "scaron, 353", "Rho, 929", "Omega, 937", "rho, 961", "omega, 969",
        "piv, 982", "rlm, 8207", "mdash, 8212", "bdquo, 8222", "bull, 8226", "Prime, 8243", "euro, 8364", "trade, 8482",
        "harr, 8596", "hArr, 8660", "exist, 8707", "notin, 8713", "minus, 8722", "infin, 8734", "int, 8747",
                "equiv, 8801",
        "ge, 8805", "nsub, 8836", "supe, 8839", "otimes, 8855", "rfloor, 8971", "rang, 9002", "diams, 9830"
    })
    void resolved_nameOfHtml_isItsCharacter(String name, int character) {
        assertThat(HtmlNames.resolved("a&" + name + ";b")).isEqualTo("a" + Character.toString(character) + "b");
    }

    @ParameterizedTest
    @CsvSource({"&amp;", "&lt;", "&#160;", "&nosuch;", "&nbsp", "& nbsp;", "$1"})
    void resolved_anythingElse_stays(String text) {
        assertThat(HtmlNames.resolved(text)).isEqualTo(text);
    }
}
