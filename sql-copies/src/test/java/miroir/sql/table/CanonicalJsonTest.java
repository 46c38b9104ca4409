package miroir.sql.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanonicalJsonTest {
    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '~', textBlock = """
            {"b": 1, "a": [1.50, 1e2, true, null]} ; {"a":[1.5,1E+2,true,null],"b":1}
            [100, 100.0, "x"]                      ; [1E+2,1E+2,"x"]
            "\\u00e9\\n\\""                        ; "é~\\n~\\""
            {}                                     ; {}
            """)
    void of_sameContent_isTheSame(String json, String canonical) {
        assertThat(CanonicalJson.of(json).replace("\n", "~\\n~")).isEqualTo(canonical);
    }
}
