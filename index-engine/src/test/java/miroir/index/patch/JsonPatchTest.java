package miroir.index.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import miroir.index.Refusal;
import miroir.index.json.ReadLimits;
import miroir.index.json.ResourceReader;
import miroir.index.json.ResourceWriter;
import miroir.index.json.Utf8Buffer;
import miroir.index.store.Deadline;
import miroir.index.structure.Structures;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JsonPatchTest {
    private static final ResourceReader READER = new ResourceReader(Structures.r4(), ReadLimits.standard());

    @Test
    void move_intoEachOtherAgainAndAgain_isTooDeep() {
        String chain = "{\"a\":".repeat(90) + "1" + "}".repeat(90);
        String end = "/a".repeat(90);
        String deeper = IntStream.range(0, 20)
                .mapToObj(i -> "{\"op\":\"add\",\"path\":\"/n\",\"value\":" + chain + "},"
                        + "{\"op\":\"move\",\"from\":\"/x\",\"path\":\"/n" + end + "\"},"
                        + "{\"op\":\"move\",\"from\":\"/n\",\"path\":\"/x\"}")
                .collect(Collectors.joining(","));

        assertThatThrownBy(() -> patched("{\"x\":1}", "[" + deeper + "]"))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.TOO_LARGE))
                .hasMessageContaining("nested too deep");
    }

    /** Those of appendix A of RFC 6902 that end well; the rest are below. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '§', textBlock = """
            {"foo":"bar"}               | {"op":"add","path":"/baz","value":"qux"}             | {"foo":"bar","baz":"qux"}
            {"foo":["bar","baz"]}       | {"op":"add","path":"/foo/1","value":"qux"}           | {"foo":["bar","qux","baz"]}
            {"baz":"qux","foo":"bar"}   | {"op":"remove","path":"/baz"}                        | {"foo":"bar"}
            {"foo":["bar","qux","baz"]} | {"op":"remove","path":"/foo/1"}                      | {"foo":["bar","baz"]}
            {"baz":"qux","foo":"bar"}   | {"op":"replace","path":"/baz","value":"boo"}         | {"baz":"boo","foo":"bar"}
            {"foo":{"bar":"baz","waldo":"fred"},"qux":{"corge":"grault"}} | {"op":"move","from":"/foo/waldo","path":"/qux/thud"} | {"foo":{"bar":"baz"},"qux":{"corge":"grault","thud":"fred"}}
            {"foo":["all","grass","cows","eat"]} | {"op":"move","from":"/foo/1","path":"/foo/3"} | {"foo":["all","cows","eat","grass"]}
            {"baz":"qux","foo":["a",2,"c"]} | {"op":"test","path":"/foo/1","value":2}          | {"baz":"qux","foo":["a",2,"c"]}
            {"foo":"bar"}               | {"op":"add","path":"/child","value":{"grandchild":{}}} | {"foo":"bar","child":{"grandchild":{}}}
            {"foo":"bar"}               | {"op":"add","path":"/baz","value":"qux","xyz":123}   | {"foo":"bar","baz":"qux"}
            {"/":9,"~1":10}             | {"op":"test","path":"/~01","value":10}               | {"/":9,"~1":10}
            {"foo":["bar"]}             | {"op":"add","path":"/foo/-","value":["abc","def"]}   | {"foo":["bar",["abc","def"]]}
            {"foo":null}                | {"op":"replace","path":"/foo","value":"truthy"}      | {"foo":"truthy"}
            {"foo":1}                   | {"op":"add","path":"/foo","value":null}              | {"foo":null}
            {"foo":1}                   | {"op":"replace","path":"","value":{"bar":2}}         | {"bar":2}
            {"foo":{"a":1},"bar":2}     | {"op":"copy","from":"/foo","path":"/bar"}            | {"foo":{"a":1},"bar":{"a":1}}
            {"foo":{"a":1}}             | {"op":"copy","from":"","path":"/foo/b"}              | {"foo":{"a":1,"b":{"foo":{"a":1}}}}
            {"foo":{"a":1,"b":2}}       | {"op":"test","path":"/foo","value":{"b":2.0,"a":1e0}} | {"foo":{"a":1,"b":2}}
            {"foo":[1]}                 | {"op":"move","from":"/foo/0","path":"/foo/0"}        | {"foo":[1]}
            """)
    void operation_thatFits_isDone(String document, String operation, String expected) {
        assertThat(patched(document, "[" + operation + "]").toJson())
                .isEqualTo(BsonDocument.parse(expected).toJson());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '§', textBlock = """
            {"baz":"qux"}      | {"op":"test","path":"/baz","value":"bar"}          | the test fails
            {"/":9,"~1":10}    | {"op":"test","path":"/~01","value":"10"}           | the test fails
            {"a":[1,2]}        | {"op":"test","path":"/a","value":[1]}              | the test fails
            {"a":[1]}          | {"op":"test","path":"/a","value":[1,2]}            | the test fails
            {"a":{"b":1}}      | {"op":"test","path":"/a","value":{"c":1}}          | the test fails
            {"foo":"bar"}      | {"op":"add","path":"/baz/bat","value":"qux"}       | the resource has no 'baz'
            {"foo":"bar"}      | {"op":"add","path":"/foo/bat","value":"qux"}       | neither an object nor an array
            {"foo":["a","b"]}  | {"op":"add","path":"/foo/3","value":"c"}           | allowed are 0 to 2
            {"foo":["a","b"]}  | {"op":"add","path":"/foo/01","value":"c"}          | '01' is no place
            {"foo":["a","b"]}  | {"op":"remove","path":"/foo/-"}                    | array of 2, has no '-'
            {"foo":["a","b"]}  | {"op":"replace","path":"/foo/2","value":"c"}       | array of 2, has no '2'
            {"foo":"bar"}      | {"op":"replace","path":"/baz","value":1}           | nothing is at '/baz'
            {"foo":"bar"}      | {"op":"remove","path":"/baz"}                      | nothing is at '/baz'
            {"foo":"bar"}      | {"op":"remove","path":""}                          | DELETE
            {"foo":{"a":1}}    | {"op":"move","from":"/foo","path":"/foo/a"}        | into itself
            {"foo":{"a":1}}    | {"op":"move","from":"/bar","path":"/foo/a"}        | nothing is at '/bar'
            {"foo":1}          | {"op":"add","path":"/a\\":1,\\"b","value":1}       | is not an element
            {"foo":1}          | {"op":"replace","path":"","value":1}               | no object
            """)
    void operation_thatDoesNotFit_isRefusedByName(String document, String operation, String said) {
        assertThatThrownBy(() -> patched(document, "[" + operation + "]"))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.NOT_APPLICABLE))
                .hasMessageContaining(said);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '§', textBlock = """
            {"path":"/a"}                                  | op is missing
            {"op":"spam","path":"/a"}                      | 'spam'; allowed are add
            {"op":"remove"}                                | path is missing
            {"op":"remove","path":1}                       | path is missing or no string
            {"op":"remove","path":"a"}                     | begins with /
            {"op":"remove","path":"/a~2"}                  | neither ~0 nor ~1
            {"op":"remove","path":"/a~"}                   | neither ~0 nor ~1
            {"op":"add","path":"/a"}                       | value is missing
            {"op":"copy","path":"/a"}                      | from is missing
            "remove"                                       | an operation is an object
            """)
    void operation_thatIsNone_isRefusedBeforeAnythingIsDone(String operation, String said) {
        assertThatThrownBy(() -> JsonPatch.of(array("[{\"op\":\"test\",\"path\":\"\",\"value\":1}," + operation + "]")))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.INVALID))
                .hasMessageContaining("operation 2")
                .hasMessageContaining(said);
    }

    @Test
    void refusal_namesTheOperation() {
        assertThatThrownBy(
                        () -> patched(
                                "{\"a\":1}",
                                "[{\"op\":\"test\",\"path\":\"/a\",\"value\":1},{\"op\":\"test\",\"path\":\"/a\",\"value\":2}]"))
                .hasMessageStartingWith("operation 2 (test '/a'): the test fails");
    }

    @Test
    void untouched_staysAsItIsStored() {
        String text = "{\"resourceType\":\"Observation\",\"valueQuantity\":{\"unit\":\"é😀\",\"value\":1.100},"
                + "\"status\":\"final\",\"code\":{\"text\":\"x\"},\"referenceRange\":[{\"low\":{\"value\":1E+3},"
                + "\"high\":{\"value\":-0.0}}]}";
        RawBsonDocument stored = READER.read(text.getBytes(StandardCharsets.UTF_8));
        RawBsonDocument patched = JsonPatch.of(READER.readOperations(
                        "[{\"op\":\"add\",\"path\":\"/referenceRange/0/high/unit\",\"value\":\"\\u00e9\"}]"
                                .getBytes(StandardCharsets.UTF_8)))
                .applyTo(stored, soon());

        assertThat(json(patched)).isEqualTo(text.replace("-0.0}", "-0.0,\"unit\":\"é\"}"));
    }

    @Test
    void patch_withoutOperations_isTheSameResource() {
        RawBsonDocument stored = RawBsonDocument.parse("{\"a\":1}");

        assertThat(JsonPatch.of(array("[]")).applyTo(stored, soon())).isSameAs(stored);
    }

    @Test
    void patch_thatCopiesItselfAgainAndAgain_isStoppedEarly() {
        String doubling = IntStream.range(0, 60)
                .mapToObj(i -> "{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"/a/c" + i + "\"}")
                .collect(Collectors.joining(",", "[", "]"));

        assertThatThrownBy(() -> patched("{\"a\":{\"b\":\"0123456789\"}}", doubling))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.TOO_LARGE))
                .hasMessageContaining("operation 1")
                .hasMessageContaining("65536 bytes");
    }

    @Test
    void patch_withTooManyOperations_isRefused() {
        String many = IntStream.rangeClosed(0, Patch.MOST_OPERATIONS)
                .mapToObj(i -> "{\"op\":\"test\",\"path\":\"/a\",\"value\":1}")
                .collect(Collectors.joining(",", "[", "]"));

        assertThatThrownBy(() -> patched("{\"a\":1}", many)).hasMessageContaining("1001 operations; allowed are 1000");
    }

    @Test
    void pointer_thatGoesTooDeep_isRefused() {
        assertThatThrownBy(() -> patched("{}", "[{\"op\":\"remove\",\"path\":\"" + "/a".repeat(100_000) + "\"}]"))
                .hasMessageContaining("more than 100 levels");
    }

    @Test
    void patch_whoseTimeIsOver_isRefused() {
        JsonPatch patch = JsonPatch.of(array("[{\"op\":\"test\",\"path\":\"/a\",\"value\":1}]"));

        assertThatThrownBy(() -> patch.applyTo(RawBsonDocument.parse("{\"a\":1}"), Deadline.in(Duration.ZERO)))
                .hasMessageContaining("after 0 of 1 operations");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '§', textBlock = """
            {}                                    | a JSON Patch is a JSON array of operations, not an object
            §§                                    | the body is empty
            [{"op":"add"                          | not valid JSON
            [] []                                 | follows the end
            [{"op":"test","op":"add","path":"/a"}] | occurs twice
            [{"op":"add","path":"/a","value":"\\ud800"}] | half of a surrogate pair
            """)
    void body_thatIsNoPatch_isRefused(String body, String said) {
        byte[] bytes = (body == null ? "" : body).getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> READER.readOperations(bytes))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(said);
    }

    private static RawBsonDocument patched(String document, String patch) {
        return JsonPatch.of(array(patch)).applyTo(RawBsonDocument.parse(document), soon());
    }

    /** An array as the reader makes it: numbered from 0. */
    private static BsonDocument array(String json) {
        BsonDocument numbered = new BsonDocument();
        for (BsonValue operation : BsonArray.parse(json)) {
            numbered.put(Integer.toString(numbered.size()), operation);
        }
        return numbered;
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
