package miroir.index.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import miroir.index.Refusal;
import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.json.ResourceWriter;
import miroir.index.json.Utf8Buffer;
import miroir.index.store.Deadline;
import miroir.index.structure.Structures;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A row is a Patient before, one operation of a Parameters resource with its path and its value, and the Patient after. */
final class FhirPathPatchTest {
    private static final ResourceReader READER = new ResourceReader(Structures.r4(), ReadLimits.standard());

    private static final RawBsonDocument RICH =
            patient("\"contained\":[{\"resourceType\":\"Organization\",\"id\":\"o\"}],"
                    + "\"extension\":[{\"url\":\"http://e\",\"valueString\":\"v\"}],"
                    + "\"name\":[{\"use\":\"usual\",\"given\":[\"a\",null],\"_given\":[null,{\"id\":\"b\"}]}],"
                    + "\"birthDate\":\"1920\",\"_birthDate\":{\"id\":\"x\"}");

    /** The kinds of cases that HL7 tests servers with, and those of the specification. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '§', textBlock = """
            "birthDate":"1920-01-01" | replace | Patient.birthDate | "valueDate":"1930-01-01" | "birthDate":"1930-01-01"
            "active":true,"birthDate":"1920-01-01" | delete | Patient.birthDate | | "active":true
            "active":true | delete | Patient.birthDate | | "active":true
            "active":true | add birthDate | Patient | "valueDate":"1930-01-01" | "active":true,"birthDate":"1930-01-01"
            "contact":[{"name":{"text":"a"},"gender":"male"}] | replace | Patient.contact[0].gender | "valueCode":"female" | "contact":[{"name":{"text":"a"},"gender":"female"}]
            "contact":[{"name":{"text":"a"},"gender":"male"}] | replace | Patient.contact[0].name.text | "valueString":"b" | "contact":[{"name":{"text":"b"},"gender":"male"}]
            "contact":[{"name":{"text":"a"},"gender":"male"}] | delete | Patient.contact[0].gender | | "contact":[{"name":{"text":"a"}}]
            "contact":[{"name":{"text":"a"},"gender":"male"}] | delete | Patient.contact[0].name.text | | "contact":[{"gender":"male"}]
            "contact":[{"name":{"text":"a"}}] | add gender | Patient.contact[0] | "valueCode":"male" | "contact":[{"name":{"text":"a"},"gender":"male"}]
            "active":true | add maritalStatus | Patient | "valueCodeableConcept":{"text":"m"} | "active":true,"maritalStatus":{"text":"m"}
            "maritalStatus":{"id":"1","text":"m"} | replace | Patient.maritalStatus | "valueCodeableConcept":{"id":"2","text":"n"} | "maritalStatus":{"id":"2","text":"n"}
            "active":true,"maritalStatus":{"text":"m"} | delete | Patient.maritalStatus | | "active":true
            "active":true | add contact | Patient | "part":[{"name":"name","valueHumanName":{"text":"a"}}] | "active":true,"contact":[{"name":{"text":"a"}}]
            "active":true,"contact":[{"name":{"text":"a"}}] | delete | Patient.contact[0] | | "active":true
            "contact":[{"gender":"male"}] | add contact | Patient | "part":[{"name":"telecom","valueContactPoint":{"value":"1"}},{"name":"gender","valueCode":"female"},{"name":"telecom","valueContactPoint":{"value":"2"}}] | "contact":[{"gender":"male"},{"telecom":[{"value":"1"},{"value":"2"}],"gender":"female"}]
            "name":[{"text":"a"},{"text":"b"}] | insert 2 | Patient.name | "valueHumanName":{"text":"c"} | "name":[{"text":"a"},{"text":"b"},{"text":"c"}]
            "name":[{"text":"a"},{"text":"b"}] | insert 1 | Patient.name | "valueHumanName":{"text":"c"} | "name":[{"text":"a"},{"text":"c"},{"text":"b"}]
            "name":[{"text":"a"},{"text":"b"}] | insert 0 | Patient.name | "valueHumanName":{"text":"c"} | "name":[{"text":"c"},{"text":"a"},{"text":"b"}]
            "active":true | insert 0 | Patient.name | "valueHumanName":{"text":"c"} | "active":true,"name":[{"text":"c"}]
            "name":[{"text":"a"},{"text":"b"},{"text":"c"}] | delete | Patient.name[0] | | "name":[{"text":"b"},{"text":"c"}]
            "name":[{"text":"a"},{"text":"b"},{"text":"c"}] | delete | Patient.name[2] | | "name":[{"text":"a"},{"text":"b"}]
            "name":[{"text":"1"},{"text":"2"},{"text":"3"},{"text":"4"}] | move 3 1 | Patient.name | | "name":[{"text":"1"},{"text":"4"},{"text":"2"},{"text":"3"}]
            "name":[{"text":"1"},{"text":"2"},{"text":"3"},{"text":"4"}] | move 3 0 | Patient.name | | "name":[{"text":"4"},{"text":"1"},{"text":"2"},{"text":"3"}]
            "name":[{"text":"1"},{"text":"2"},{"text":"3"},{"text":"4"}] | move 0 3 | Patient.name | | "name":[{"text":"2"},{"text":"3"},{"text":"4"},{"text":"1"}]
            "text":{"status":"generated","div":"<div/>"} | replace | Patient.text.div | "valueString":"<div>é</div>" | "text":{"status":"generated","div":"<div>é</div>"}
            """)
    void operation_thatFits_isDone(String before, String operation, String path, @Nullable String value, String after) {
        assertThat(patched(before, operation, path, value)).isEqualTo(after);
    }

    /** Paths, choices, types that Parameters have no place for, and primitives that stand in two places. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '§', textBlock = """
            "name":[{"use":"usual","given":["a"]},{"use":"official","given":["b","c"]}] | replace | Patient.name.where(use = 'official').given[1] | "valueString":"d" | "name":[{"use":"usual","given":["a"]},{"use":"official","given":["b","d"]}]
            "name":[{"given":["a","b"]}] | delete | name.given.where($this = 'a') | | "name":[{"given":["b"]}]
            "name":[{"given":["a"]},{"given":["b"]}] | delete | Patient.name.given[1] | | "name":[{"given":["a"]}]
            "name":[{"text":"a"}] | add use | Patient.name.first() | "valueCode":"usual" | "name":[{"text":"a","use":"usual"}]
            "deceasedBoolean":false | replace | Patient.deceased | "valueDateTime":"2020" | "deceasedDateTime":"2020"
            "deceasedBoolean":false,"active":true | delete | Patient.deceased.ofType(boolean) | | "active":true
            "active":true | add deceased | Patient | "valueBoolean":true | "active":true,"deceasedBoolean":true
            "active":true | add extension | Patient | "part":[{"name":"url","valueUri":"http://e"},{"name":"value","valueDecimal":1.10}] | "active":true,"extension":[{"url":"http://e","valueDecimal":1.10}]
            "active":true | add text | Patient | "part":[{"name":"status","valueCode":"generated"},{"name":"div","valueString":"<div/>"}] | "active":true,"text":{"status":"generated","div":"<div/>"}
            "active":true | add contained | Patient | "resource":{"resourceType":"Organization","id":"o"} | "active":true,"contained":[{"resourceType":"Organization","id":"o"}]
            "contained":[{"resourceType":"Organization","id":"o","name":"n"}] | replace | Patient.contained.where(id = 'o').name | "valueString":"m" | "contained":[{"resourceType":"Organization","id":"o","name":"m"}]
            "birthDate":"1920","_birthDate":{"id":"x"} | delete | Patient.birthDate.id | | "birthDate":"1920"
            "birthDate":"1920","_birthDate":{"id":"x"},"active":true | delete | Patient.birthDate | | "active":true
            "birthDate":"1920","_birthDate":{"id":"x"} | replace | Patient.birthDate | "valueDate":"1930" | "birthDate":"1930"
            "birthDate":"1920" | replace | Patient.birthDate | "_valueDate":{"id":"y"} | "_birthDate":{"id":"y"}
            "active":true,"_birthDate":{"id":"x"} | delete | Patient.birthDate.id | | "active":true
            "birthDate":"1920" | add extension | Patient.birthDate | "part":[{"name":"url","valueUri":"http://e"},{"name":"value","valueCode":"c"}] | "birthDate":"1920","_birthDate":{"extension":[{"url":"http://e","valueCode":"c"}]}
            "name":[{"given":["a",null,"c"],"_given":[null,{"id":"b"},{"id":"c"}]}] | delete | Patient.name.given[0] | | "name":[{"given":[null,"c"],"_given":[{"id":"b"},{"id":"c"}]}]
            "name":[{"given":["a",null,"c"],"_given":[null,{"id":"b"}]}] | delete | Patient.name.given[1] | | "name":[{"given":["a","c"]}]
            "name":[{"given":["a","b"],"_given":[null,{"id":"b"}]}] | move 1 0 | Patient.name[0].given | | "name":[{"given":["b","a"],"_given":[{"id":"b"},null]}]
            "name":[{"given":["a"]}] | insert 0 | Patient.name[0].given | "valueString":"z","_valueString":{"id":"z"} | "name":[{"given":["z","a"],"_given":[{"id":"z"},null]}]
            "extension":[{"url":"http://a","valueString":"1"},{"url":"http://b","valueString":"2"}] | replace | Patient.extension('http://b').value | "valueInteger":3 | "extension":[{"url":"http://a","valueString":"1"},{"url":"http://b","valueInteger":3}]
            """)
    void element_whateverItIs_isFound(
            String before, String operation, String path, @Nullable String value, String after) {
        assertThat(patched(before, operation, path, value)).isEqualTo(after);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '§', textBlock = """
            "identifier":[{"use":"official"}] | add end | Patient.identifier.where(use = 'official').period | "valueDateTime":"2021" | nothing is at the path
            "birthDate":"1920" | add birthDate | Patient | "valueDate":"1930" | is there already
            "deceasedBoolean":true | add deceased | Patient | "valueDateTime":"1930" | is there already
            "active":true | add nonsense | Patient | "valueDate":"1930" | nonsense is not an element of Patient; allowed are active,
            "active":true | add deceasedBoolean | Patient | "valueBoolean":true | form of deceased
            "active":true | add birthDate | Patient | "valueBoolean":true | birthDate takes date, and the value is of type boolean
            "active":true | add birthDate | Patient | "valueString":"1930" | birthDate takes date
            "active":true | add deceased | Patient | "valueString":"1930" | deceased takes boolean, dateTime
            "active":true | add active | Patient | "part":[{"name":"x","valueString":"y"}] | none of these has any
            "active":true | add contact | Patient | "part":[{"name":"familie","valueString":"y"}] | familie is not an element of Patient.contact
            "active":true | add contact | Patient | "part":[{"name":"gender","valueCode":"male"},{"name":"gender","valueCode":"male"}] | gender does not repeat
            "active":true | replace | Patient.birthDate | "valueDate":"1930" | nothing is at the path
            "name":[{"text":"a"},{"text":"b"}] | replace | Patient.name.text | "valueString":"c" | selects 2 elements
            "name":[{"text":"a"},{"text":"b"}] | delete | Patient.name | | selects 2 elements
            "name":[{"text":"a"},{"text":"b"}] | add use | Patient.name | "valueCode":"usual" | selects 2 elements
            "name":[{"text":"a"}] | insert 2 | Patient.name | "valueHumanName":{"text":"c"} | index is 2, and the list has 1; allowed are 0 to 1
            "name":[{"text":"a"}] | move 1 0 | Patient.name | | source is 1
            "name":[{"text":"a"}] | move 0 1 | Patient.name | | destination is 1
            "active":true | move 0 0 | Patient.name | | nothing can be moved in it
            "active":true | insert 0 | Patient.birthDate | "valueDate":"1930" | does not repeat
            "name":[{"text":"a"}] | insert 0 | Patient.name[0] | "valueHumanName":{"text":"c"} | does not end with the name
            "active":true | delete | Patient | | DELETE does that
            "active":true | replace | Patient | "resource":{"resourceType":"Patient"} | PUT does that
            """)
    void operation_thatDoesNotFit_isRefusedByName(
            String before, String operation, String path, @Nullable String value, String said) {
        assertThatThrownBy(() -> patched(before, operation, path, value))
                .isInstanceOfSatisfying(Refusal.class, refusal -> {
                    assertThat(refusal.reason()).isEqualTo(Refusal.Reason.NOT_APPLICABLE);
                    assertThat(refusal.path()).isEqualTo("Parameters.parameter[0]");
                })
                .hasMessageStartingWith("operation 1 (" + operation.split(" ", -1)[0] + " '" + path)
                .hasMessageContaining(said);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '§', textBlock = """
            Practitioner.name           | the resource is a Patient, and no Practitioner
            Patient.name.tail()         | the function tail() is not understood
            §Patient.name | Patient.contact§ | a path consists of
            Patient.name.exists()       | a path consists of
            Patient.link.other.resolve() | a path consists of
            Patient.name.where(use)     | a condition is expected
            Patient.name.where(nonsense = 'x') | nonsense is not an element of HumanName
            Patient.name.ofType(Nonsense) | is not a type
            Patient..name               | is not understood here
            """)
    void path_thatIsNotUnderstood_isRefused(String path, String said) {
        assertThatThrownBy(() -> patched("\"name\":[{\"text\":\"a\"}]", "delete", path, null))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.INVALID))
                .hasMessageContaining(said);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "a.where(", "x"})
    void path_ofAnyLength_isRefusedInGoodOrder(String piece) {
        assertThatThrownBy(() -> patched("\"active\":true", "delete", piece.repeat(100_000), null))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("at most 1000 characters");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '§', textBlock = """
            {"name":"change"}                                             | 'change' is not known; allowed is operation
            {"name":"operation"}                                          | type is missing
            {"name":"operation","part":[{"name":"type","valueCode":"x"}]} | 'x'; allowed are add
            {"name":"operation","part":[{"name":"type","valueCode":"delete"}]} | path is missing
            {"name":"operation","part":[{"name":"type","valueCode":"delete"},{"name":"path","valueInteger":1}]} | path is not text
            {"name":"operation","part":[{"name":"type","valueCode":"delete"},{"name":"type","valueCode":"add"}]} | given twice
            {"name":"operation","part":[{"name":"type","valueCode":"delete"},{"name":"path","valueString":"x"},{"name":"value","valueString":"x"}]} | 'value' means nothing here; allowed are type, path
            {"name":"operation","part":[{"name":"type","valueCode":"move"},{"name":"path","valueString":"name"},{"name":"source","valueInteger":-1},{"name":"destination","valueInteger":0}]} | source is not a number from 0
            {"name":"operation","part":[{"name":"type","valueCode":"add"},{"name":"path","valueString":"Patient"},{"name":"name","valueString":"x"}]} | value is missing
            """)
    void parameters_thatAreNoPatch_areRefused(String parameter, String said) {
        assertThatThrownBy(() -> patch(parameter))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.INVALID))
                .hasMessageStartingWith("operation 1: ")
                .hasMessageContaining(said);
    }

    @Test
    void value_thatIsNone_isRefused() {
        assertThatThrownBy(() -> patched("\"active\":true", "add birthDate", "Patient", "\"id\":\"x\""))
                .hasMessageContaining("neither a value");
    }

    @Test
    void parameter_whoseNameHasNoValue_isRefused() {
        for (String parameter : List.of(
                "{\"_name\":{\"id\":\"x\"},\"part\":[{\"name\":\"a\",\"valueCode\":\"b\"}]}",
                "{\"name\":\"operation\",\"part\":[{\"_name\":{\"id\":\"x\"},\"valueCode\":\"b\"}]}")) {
            RawBsonDocument sent = READER.read(("{\"resourceType\":\"Parameters\",\"parameter\":[" + parameter + "]}")
                    .getBytes(StandardCharsets.UTF_8));

            assertThatThrownBy(() -> FhirPathPatch.of(sent))
                    .isInstanceOf(Refusal.class)
                    .hasMessageContaining("has no name");
        }
    }

    @Test
    void body_thatIsAnotherResource_isRefused() {
        RawBsonDocument sent = READER.read("{\"resourceType\":\"Patient\"}".getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> FhirPathPatch.of(sent))
                .hasMessageContaining("the body is a Patient; a patch is a Parameters resource");
    }

    @Test
    void parameters_withoutOperations_changeNothing() {
        RawBsonDocument stored = READER.read("{\"resourceType\":\"Patient\"}".getBytes(StandardCharsets.UTF_8));
        RawBsonDocument none = READER.read("{\"resourceType\":\"Parameters\"}".getBytes(StandardCharsets.UTF_8));

        assertThat(FhirPathPatch.of(none).applyTo(stored, soon())).isSameAs(stored);
    }

    @Test
    void operations_seeWhatThoseBeforeThemDid() {
        RawBsonDocument patched = patch(
                        operation("add contact", "Patient", "\"part\":[{\"name\":\"gender\",\"valueCode\":\"male\"}]")
                                + "," + operation("replace", "Patient.contact[1].gender", "\"valueCode\":\"female\""))
                .applyTo(patient("\"contact\":[{\"name\":{\"text\":\"a\"}}]"), soon());

        assertThat(json(patched)).endsWith("\"contact\":[{\"name\":{\"text\":\"a\"}},{\"gender\":\"female\"}]}");
    }

    /** Whatever somebody writes, the answer is a patched resource or a refusal. */
    @Test
    void paths_ofAnyKind_failOnlyInWords() {
        long seed = Long.getLong("miroir.seed", System.nanoTime());
        Random random = new Random(seed);
        List<String> pieces = List.of(
                "Patient",
                "name",
                "given",
                "extension",
                "value",
                "birthDate",
                "contained",
                ".",
                ".",
                ".",
                "[0]",
                "[1]",
                "[99999999]",
                "first()",
                "where(",
                "use",
                " = ",
                "'usual'",
                ")",
                "(",
                "extension('http://e')",
                "``",
                "`name`",
                "$this",
                "%resource",
                "ofType(",
                "string",
                "1.2.3",
                "-",
                "|",
                "exists()",
                "not()",
                " and ",
                "é");
        List<String> operations = List.of("delete", "add use", "insert 0", "move 0 0", "replace");
        for (int i = 0; i < 20_000; i++) {
            StringBuilder path = new StringBuilder(random.nextBoolean() ? "Patient.name" : "");
            for (int j = random.nextInt(8); j >= 0; j--) {
                path.append(pieces.get(random.nextInt(pieces.size())));
            }
            String operation = operations.get(random.nextInt(operations.size()));
            String value = operation.matches("delete|move.*") ? null : "\"valueString\":\"x\"";
            try {
                patch(operation(operation, path.toString(), value)).applyTo(RICH, soon());
            } catch (Refusal expected) {
                assertThat(expected.getMessage()).isNotBlank();
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + operation + " " + path, e);
            }
        }
    }

    private static String patched(String before, String operation, String path, @Nullable String value) {
        String json = json(patch(operation(operation, path, value)).applyTo(patient(before), soon()));
        READER.read(json.getBytes(StandardCharsets.UTF_8));
        return json.substring("{\"resourceType\":\"Patient\",".length(), json.length() - 1);
    }

    private static RawBsonDocument patient(String elements) {
        return READER.read(("{\"resourceType\":\"Patient\"," + elements + "}").getBytes(StandardCharsets.UTF_8));
    }

    private static FhirPathPatch patch(String parameters) {
        String json = "{\"resourceType\":\"Parameters\",\"parameter\":[" + parameters + "]}";
        return FhirPathPatch.of(READER.read(json.getBytes(StandardCharsets.UTF_8)));
    }

    /** The words behind the name of the operation are its name or its indexes. */
    private static String operation(String operation, String path, @Nullable String value) {
        String[] words = operation.split(" ", -1);
        StringBuilder parts = new StringBuilder("{\"name\":\"type\",\"valueCode\":\"" + words[0] + "\"},"
                + "{\"name\":\"path\",\"valueString\":\"" + path + "\"}");
        switch (words[0]) {
            case "add" -> parts.append(",{\"name\":\"name\",\"valueString\":\"" + words[1] + "\"}");
            case "insert" -> parts.append(",{\"name\":\"index\",\"valueInteger\":" + words[1] + "}");
            case "move" ->
                parts.append(",{\"name\":\"source\",\"valueInteger\":" + words[1] + "},"
                        + "{\"name\":\"destination\",\"valueInteger\":" + words[2] + "}");
            default -> {}
        }
        if (value != null) {
            parts.append(",{\"name\":\"value\"," + value + "}");
        }
        return "{\"name\":\"operation\",\"part\":[" + parts + "]}";
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofMinutes(1));
    }

    private static String json(RawBsonDocument resource) {
        Utf8Buffer out = new Utf8Buffer(1024);
        ResourceWriter.write(resource, out, false);
        return new String(out.toByteArray(), StandardCharsets.UTF_8);
    }
}
