package miroir.server.views;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import miroir.index.json.Utf8Buffer;
import miroir.index.view.Column;
import miroir.server.format.RowFormat;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WriteRowsTest {
    private static String csv(@Nullable Object cell) {
        return written(cell, RowFormat.CSV).replaceFirst("\r\n$", "");
    }

    private static String json(@Nullable Object cell) {
        return written(cell, RowFormat.NDJSON);
    }

    private static String written(@Nullable Object cell, RowFormat format) {
        Utf8Buffer out = new Utf8Buffer(16);
        WriteRows write = new WriteRows(List.of(new Column("c", "string", Column.Form.TEXT, false)), format, out);
        write.begin(false);
        write.row(column -> cell);
        write.end();
        return new String(out.toByteArray(), StandardCharsets.UTF_8);
    }

    @Test
    void csv_cells_areQuotedWhereTheyHaveToBe() {
        assertThat(csv(null)).isEmpty();
        assertThat(csv("")).isEqualTo("\"\"");
        assertThat(csv("Zoë")).isEqualTo("Zoë");
        assertThat(csv(" a ")).isEqualTo(" a ");
        assertThat(csv("a,b")).isEqualTo("\"a,b\"");
        assertThat(csv("a\"b")).isEqualTo("\"a\"\"b\"");
        assertThat(csv("a\nb")).isEqualTo("\"a\nb\"");
        assertThat(csv("a\rb")).isEqualTo("\"a\rb\"");
        assertThat(csv("=1+1")).isEqualTo("=1+1");
        assertThat(csv(true)).isEqualTo("true");
        assertThat(csv(12L)).isEqualTo("12");
        assertThat(csv(List.of("é", "b\"c"))).isEqualTo("\"[\"\"é\"\",\"\"b\\\"\"c\"\"]\"");
        assertThat(csv(RawBsonDocument.parse("{a: 'x,y', b: [1]}")))
                .isEqualTo("\"{\"\"a\"\":\"\"x,y\"\",\"\"b\"\":[1]}\"");
    }

    @Test
    void pause_isOnlyWhereThereIsRoomForIt() {
        assertThat(paused(RowFormat.JSON)).isEqualTo("[\n\n{\"c\":1}\n,\n{\"c\":1}\n]\n");
        assertThat(paused(RowFormat.NDJSON)).isEqualTo("{\"c\":1}\n{\"c\":1}\n");
        assertThat(paused(RowFormat.CSV)).isEqualTo("1\r\n1\r\n");
    }

    private static String paused(RowFormat format) {
        Utf8Buffer out = new Utf8Buffer(16);
        WriteRows write = new WriteRows(List.of(new Column("c", "integer", Column.Form.INTEGER, false)), format, out);
        write.begin(false);
        write.pause();
        write.row(column -> 1L);
        write.pause();
        write.row(column -> 1L);
        write.end();
        return new String(out.toByteArray(), StandardCharsets.UTF_8);
    }

    @Test
    void json_cells_haveTheirTypes() {
        assertThat(json(null)).isEqualTo("{\"c\":null}\n");
        assertThat(json("a\"\n\u2028é")).isEqualTo("{\"c\":\"a\\\"\\n\u2028é\"}\n");
        assertThat(json(false)).isEqualTo("{\"c\":false}\n");
        assertThat(json(new BigDecimal("1.50"))).isEqualTo("{\"c\":1.50}\n");
        assertThat(json(new BigDecimal("1E+3"))).isEqualTo("{\"c\":1000}\n");
        assertThat(json(new BigDecimal("1E+6000"))).isEqualTo("{\"c\":1E+6000}\n");
        assertThat(json(List.of(1L, 2L))).isEqualTo("{\"c\":[1,2]}\n");
        assertThat(written("x", RowFormat.JSON)).isEqualTo("[\n{\"c\":\"x\"}\n]\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "- | - | NDJSON",
                "csv | application/json | CSV",
                "text/csv | - | CSV",
                "application/fhir ndjson | - | NDJSON",
                "- | text/csv | CSV",
                "- | */* | NDJSON",
                "- | application/json;q=0.5, text/csv;q=0.4 | JSON",
                "- | text/html,application/xhtml+xml,*/*;q=0.8 | NDJSON",
                "- | text/* | CSV"
            })
    void format_isWhatIsAskedFor(@Nullable String named, @Nullable String accept, RowFormat expected) {
        assertThat(RowFormat.of(named, accept)).isEqualTo(expected);
    }
}
