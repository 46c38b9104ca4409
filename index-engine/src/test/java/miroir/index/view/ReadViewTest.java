package miroir.index.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import miroir.index.Refusal;
import miroir.index.yaml.ConfigurationRefused;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadViewTest {
    private static final String COLUMN = "{\"name\": \"id\", \"path\": \"id\"}";

    private static ViewRows patients(String select) {
        return ViewRows.of("{\"resource\": \"Patient\", \"select\": [" + select + "]}");
    }

    private static void assertRefused(String json, String reason) {
        assertThatThrownBy(() -> ViewRows.of(json))
                .isInstanceOf(ConfigurationRefused.class)
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{'select': []} | the key \"resource\" is missing",
                "{'resource': 'Patiant', 'select': []} | did you mean Patient?",
                "{'resource': 'Patient'} | the key \"select\" is missing",
                "{'resource': 'Patient', 'select': []} | there is nothing in it",
                "{'resource': 'Patient', 'selct': []} | selct: unknown key",
                "{'resourceType': 'Basic', 'resource': 'Patient', 'select': []} | a ViewDefinition is expected, and this is a Basic",
                "{'resource': 'Patient', 'select': [{}]} | select[0]: there is nothing in it",
                "{'resource': 'Patient', 'select': [{'from': 'x'}]} | select[0].from: unknown key",
                "{'resource': 'Patient', 'select': [{'column': [{'name': 'a'}]}]} | the key \"path\" is missing",
                "{'resource': 'Patient', 'select': [{'column': [{'name': 'a b', 'path': 'id'}]}]} | is no name of a column",
                "{'resource': 'Patient', 'select': [{'column': [{'name': 'a', 'path': 'id', 'type': 'Foo'}]}]} | is no primitive type",
                "{'resource': 'Patient', 'select': [{'column': [{'name': 'a', 'path': 'id', 'type': 'integer'}]}]} | declared as integer, and its path gives",
                "{'resource': 'Patient', 'select': [{'column': [{'name': 'a', 'path': 'active', 'type': 'string'}]}]} | declared as string, and its path gives boolean",
                "{'resource': 'Patient', 'select': [{'column': [{'name': 'a', 'path': 'id', 'collection': 'yes'}]}]} | neither true nor false",
                "{'resource': 'Patient', 'select': [{'column': [{'name': 'a', 'path': 'id'}, {'name': 'A', 'path': 'id'}]}]} | two columns are called A",
                "{'resource': 'Patient', 'select': [{'column': [{'name': 'a', 'path': 'id', 'tag': [{'name': 'ansi/type', 'value': 'JSON'}]}]}]} | a column of JSON is of what has parts",
                "{'resource': 'Patient', 'select': [{'forEach': 'name', 'repeat': ['contact'], 'column': []}]} | it has forEach and repeat; allowed is one of them",
                "{'resource': 'Patient', 'select': [{'forEach': 'names', 'column': []}]} | names is not an element of Patient",
                "{'resource': 'Patient', 'select': [{'forEach': '1', 'column': []}]} | a path to elements is expected",
                "{'resource': 'Patient', 'select': [{'forEach': '(id & id).first()', 'column': []}]} | and not what is computed",
                "{'resource': 'Questionnaire', 'select': [{'repeat': ['Questionnaire'], 'column': []}]} | a path of repeat leads to elements",
                "{'resource': 'Questionnaire', 'select': [{'repeat': ['Questionnaire.where(true)'], 'column': []}]} | a path of repeat leads to elements",
                "{'resource': 'Patient', 'select': [{'repeat': [], 'column': []}]} | it has 0 paths",
                "{'resource': 'Patient', 'select': [{'repeat': ['$this'], 'column': []}]} | a path of repeat leads to elements",
                "{'resource': 'Patient', 'select': [{'repeat': ['where(true)'], 'column': []}]} | a path of repeat leads to elements",
                "{'resource': 'Patient', 'select': [{'modifierExtension': [], 'column': [{'name': 'a', 'path': 'id'}]}]} | none is understood",
                "{'resource': 'Patient', 'where': [{'path': 'name'}], 'select': [{'column': [{'name': 'a', 'path': 'id'}]}]} | where[0].path: at character 1",
                "{'resource': 'Patient', 'constant': [{'name': 'a'}], 'select': []} | it has 0 values",
                "{'resource': 'Patient', 'constant': [{'name': 'a', 'valueQuantity': '1'}], 'select': []} | is no value of a constant",
                "{'resource': 'Patient', 'constant': [{'name': 'a', 'valueInteger': 'x'}], 'select': []} | is no integer",
                "{'resource': 'Patient', 'constant': [{'name': 'a', 'valueDate': 'x'}], 'select': []} | is not a date",
                "{'resource': 'Patient', 'constant': [{'name': 'a', 'valueDate': '2026-01-31T10:00:00Z'}], 'select': []} | is not a date as date has it",
                "{'resource': 'Patient', 'constant': [{'name': 'a', 'valueInstant': '2026-01-31'}], 'select': []} | is not a date as instant has it",
                "{'resource': 'Patient', 'constant': [{'name': 'a', 'valueDecimal': '1e2000000000'}], 'select': []} | is no decimal",
                "{'resource': 'Patient', 'constant': [{'name': 'a', 'valueInteger': 1.5}], 'select': []} | is no integer",
                "{'resource': 'Patient', 'constant': [{'name': 'a', 'valueInteger': 2147483648}], 'select': []} | is no integer",
                "{'resource': 'Patient', 'constant': [{'name': 'a', 'valuePositiveInt': -1}], 'select': []} | is no positiveInt",
                "{'resource': 'Patient', 'constant': [{'name': 'a', 'valueUnsignedInt': -1}], 'select': []} | is no unsignedInt",
                "{'resource': 'Patient', 'constant': [{'name': 'rowIndex', 'valueCode': 'x'}], 'select': []} | is no name of a constant",
                "{'resource': 'Patient', 'constant': [{'name': 'a', 'valueCode': 'x'}, {'name': 'a', 'valueCode': 'x'}], 'select': []} | two constants are called a"
            })
    void read_whatIsNotUnderstood_isRefused(String json, String reason) {
        assertRefused(json.replace('\'', '"'), reason);
    }

    @Test
    void read_refusal_saysWhere() {
        assertRefused(
                "{\"resource\": \"Patient\",\n\"select\": [{\"column\": [\n{\"name\": \"a\", \"path\": \"nme\"}]}]}",
                "view.json:3: select[0].column[0].path: at character 1 of \"nme\"");
    }

    @Test
    void read_branchesWithOtherColumns_areRefused() {
        String first = "{\"column\": [{\"name\": \"a\", \"path\": \"id\"}]}";
        assertRefused(
                union(first, "{\"column\": [{\"name\": \"a\", \"path\": \"active\"}]}"),
                "in place 1 are a (boolean) and a (id)");
        assertRefused(
                union(first, "{\"column\": [{\"name\": \"a\", \"path\": \"id\", \"collection\": true}]}"),
                "in place 1 are a (id, collection) and a (id)");
        assertRefused(
                union(
                        first,
                        "{\"column\": [{\"name\": \"a\", \"path\": \"id\"}, {\"name\": \"b\", \"path\": \"id\"}]}"),
                "it has 2 columns, and the first of unionAll has 1");
    }

    private static String union(String one, String other) {
        return "{\"resource\": \"Patient\", \"select\": [{\"unionAll\": [" + one + ", " + other + "]}]}";
    }

    @Test
    void read_tooMuch_isRefused() {
        String deep = "{\"select\": [".repeat(11) + "{\"column\": [" + COLUMN + "]}" + "]}".repeat(11);
        assertThat(patients(deep).names()).containsExactly("id");
        assertThatThrownBy(() -> ViewRows.of(new BsonDocument("resource", new BsonString("Patient"))
                        .append(
                                "select",
                                BsonArray.parse("[" + "{\"select\": [".repeat(14) + "{}" + "]}".repeat(14) + "]"))))
                .hasMessageContaining("it nests too deep");
        assertRefused(
                "{\"resource\": \"Patient\", \"select\": [{\"column\": ["
                        + IntStream.range(0, 501)
                                .mapToObj(i -> "{\"name\": \"c" + i + "\", \"path\": \"id\"}")
                                .collect(Collectors.joining(","))
                        + "]}]}",
                "there are too many columns; allowed are 500");
        assertRefused(
                "{\"resource\": \"Patient\", \"select\": ["
                        + IntStream.range(0, 201)
                                .mapToObj(i -> "{\"column\": [{\"name\": \"c" + i + "\", \"path\": \"id\"}]}")
                                .collect(Collectors.joining(","))
                        + "]}",
                "there are too many of them; allowed are 200");
    }

    private static String repeated(String text, int times) {
        return IntStream.rangeClosed(0, times).mapToObj(i -> text).collect(Collectors.joining(","));
    }

    /** Ten lists of ten names each, of which the last one comes to nothing: no row at which anybody could stop. */
    @Test
    void rows_thatMultiplyWithoutEnd_areStopped() {
        String each = "{\"forEach\": \"name\", \"column\": [{\"name\": \"c%d\", \"path\": \"family\"}]}";
        ViewRows rows =
                patients(IntStream.range(0, 10).mapToObj(each::formatted).collect(Collectors.joining(","))
                        + ", {\"forEach\": \"photo\", \"column\": [{\"name\": \"p\", \"path\": \"title\"}]}");
        RawBsonDocument many = RawBsonDocument.parse(
                "{resourceType: 'Patient', id: 'p', name: [" + repeated("{family: 'x'}", 9) + "]}");
        assertThatThrownBy(() -> rows.add(many))
                .isInstanceOfSatisfying(
                        Refusal.class, e -> assertThat(e.reason()).isEqualTo(Refusal.Reason.TOO_MANY))
                .hasMessageContaining("of Patient/p: the view takes more than 4000000 steps");
    }

    /** Two to the power of 66, without any list. */
    @Test
    void rows_ofBranchesThatMultiplyWithoutEnd_areStopped() {
        String each = "{\"unionAll\": [" + "{\"column\": [{\"name\": \"c%1$d\", \"path\": \"id\"}]},"
                + "{\"column\": [{\"name\": \"c%1$d\", \"path\": \"id\"}]}]}";
        ViewRows rows =
                patients(IntStream.range(0, 66).mapToObj(each::formatted).collect(Collectors.joining(",")));
        int[] checked = {0};
        RowSink sink = new RowSink() {
            @Override
            public boolean take(Row row) {
                return true;
            }

            @Override
            public void check() {
                checked[0]++;
            }
        };
        assertThatThrownBy(() -> rows.view().compiled().rows(patient(), sink))
                .isInstanceOfSatisfying(
                        Refusal.class, e -> assertThat(e.reason()).isEqualTo(Refusal.Reason.TOO_MANY));
        assertThat(checked[0]).isGreaterThan(1_000);
    }

    private static RawBsonDocument patient() {
        return RawBsonDocument.parse("{resourceType: 'Patient', id: 'p'}");
    }

    @Test
    void rows_ofTextsThatGrow_areStopped() {
        String half = "x".repeat(600_000);
        RawBsonDocument large = RawBsonDocument.parse(
                "{resourceType: 'Patient', name: [{family: '" + half + "', given: ['" + half + "']}]}");
        for (String path : List.of(
                "name.family & name.family",
                "name.family + name.family",
                "(name.given.first() & name.family)",
                "name.given.where($this.exists()).join() & 'x' & name.family")) {
            ViewRows rows = patients("{\"column\": [{\"name\": \"a\", \"path\": \"" + path + "\"}]}");
            assertThatThrownBy(() -> rows.add(large))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("of a Patient without id: an expression makes a text of more than 1048576");
        }
    }

    @Test
    void rows_largerThanAnybodyKeeps_areStopped() {
        String columns = IntStream.range(0, 30)
                .mapToObj(i -> "{\"name\": \"c" + i
                        + "\", \"path\": \"$this\", \"tag\": [{\"name\": \"ansi/type\", \"value\": \"JSON\"}]}")
                .collect(Collectors.joining(","));
        ViewRows rows = patients("{\"column\": [" + columns + "]}");
        RawBsonDocument large = RawBsonDocument.parse(
                "{resourceType: 'Patient', id: 'p', name: [{family: '" + "x".repeat(600_000) + "'}]}");
        assertThatThrownBy(() -> rows.view().compiled().rows(large, row -> true))
                .isInstanceOfSatisfying(
                        Refusal.class, e -> assertThat(e.reason()).isEqualTo(Refusal.Reason.TOO_MANY))
                .hasMessageContaining("a row of the view is larger than 16777216 characters");
    }

    /** More than any thread's stack holds. */
    @Test
    void rows_thatNestTooDeep_areRefused() {
        ViewRows rows = ViewRows.of("{\"resource\": \"Questionnaire\", \"select\": [{\"repeat\": [\"item"
                + ".where(true)".repeat(90) + "\"], \"column\": [{\"name\": \"a\", \"path\": \"linkId\"}]}]}");
        RawBsonDocument deep = RawBsonDocument.parse("{resourceType: 'Questionnaire', id: 'q', item: ["
                + "{linkId: 'x', item: [".repeat(450) + "]}".repeat(450) + "]}");
        assertThatThrownBy(() -> rows.view().compiled().rows(deep, row -> true))
                .isInstanceOfSatisfying(
                        Refusal.class, e -> assertThat(e.reason()).isEqualTo(Refusal.Reason.TOO_COSTLY))
                .hasMessageContaining("of Questionnaire/q: the view nests too deep");
    }

    @Test
    void key_ofContained_isNone() {
        ViewRows rows = patients(
                "{\"column\": [{\"name\": \"a\", \"path\": \"contained.ofType(Patient).first().getResourceKey()\"},"
                        + "{\"name\": \"b\", \"path\": \"getResourceKey()\"}]}");
        rows.add(RawBsonDocument.parse(
                "{resourceType: 'Patient', id: 'p', contained: [{resourceType: 'Patient', id: 'c'}]}"));
        assertThat(rows.rows().get(0)).containsExactly(null, "Patient/p");
    }

    @Test
    void column_typeByItsUrl_isTheType() {
        ViewRows rows = patients("{\"column\": [{\"name\": \"a\", \"path\": \"birthDate\","
                + " \"type\": \"http://hl7.org/fhir/StructureDefinition/date\"}]}");
        assertThat(rows.view().compiled().columns()).containsExactly(new Column("a", "date", Column.Form.TEXT, false));
    }

    @Test
    void read_longNames_areNotRepeatedWhole() {
        assertThatThrownBy(
                        () -> patients("{\"column\": [{\"name\": \"" + "x".repeat(5_000) + "\", \"path\": \"id\"}]}"))
                .satisfies(e -> assertThat(String.valueOf(e.getMessage())).hasSizeLessThan(500));
        assertThatThrownBy(() -> patients("{\"column\": [{\"name\": \"a\", \"path\": \"" + "x".repeat(5_000) + "\"}]}"))
                .satisfies(e -> assertThat(String.valueOf(e.getMessage())).hasSizeLessThan(500));
    }

    @Test
    void rows_ofJson_areWholeResources() {
        ViewRows rows = patients("""
                {"column": [{"name": "whole", "path": "$this", "tag": [{"name": "ansi/type", "value": "json"}]},
                  {"name": "names", "path": "name", "collection": true, "tag": [{"name": "ansi/type", "value": "JSON"}]}]}""");
        rows.add(RawBsonDocument.parse("{resourceType: 'Patient', id: 'é', name: [{family: 'x'}]}"));
        assertThat(rows.rows().get(0))
                .containsExactly(
                        "{\"resourceType\": \"Patient\", \"id\": \"é\", \"name\": [{\"family\": \"x\"}]}",
                        "[{\"family\": \"x\"}]");
    }

    @Test
    void columns_haveTypesThatWereDeclaredOrFound() {
        ViewRows rows = patients("""
                {"column": [{"name": "a", "path": "birthDate"}, {"name": "b", "path": "active"},
                  {"name": "c", "path": "multipleBirth.ofType(integer)"}, {"name": "d", "path": "1 / 2"},
                  {"name": "e", "path": "id", "type": "string"}, {"name": "f", "path": "name.given", "collection": true}]}""");
        assertThat(rows.view().compiled().columns())
                .containsExactly(
                        new Column("a", "date", Column.Form.TEXT, false),
                        new Column("b", "boolean", Column.Form.BOOLEAN, false),
                        new Column("c", "integer", Column.Form.INTEGER, false),
                        new Column("d", "decimal", Column.Form.DECIMAL, false),
                        new Column("e", "string", Column.Form.TEXT, false),
                        new Column("f", "string", Column.Form.TEXT, true));
    }

    @Test
    void rows_wanted_areAll() {
        ViewRows rows = patients("{\"forEach\": \"name\", \"column\": [{\"name\": \"a\", \"path\": \"family\"}]}");
        int[] taken = {0};
        boolean goesOn = rows.view()
                .compiled()
                .rows(
                        RawBsonDocument.parse(
                                "{resourceType: 'Patient', id: 'p', name: [{family: 'x'}, {family: 'y'}]}"),
                        row -> {
                            taken[0]++;
                            return false;
                        });
        assertThat(goesOn).isFalse();
        assertThat(taken[0]).isEqualTo(1);
    }
}
