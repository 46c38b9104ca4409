package miroir.index.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Test;

final class FilledDisplaysTest {
    private static final FilledDisplays.Labels LABELS = (system, version, code) ->
            code.equals("none") ? null : code + " of " + system + (version == null ? "" : " " + version);

    @Test
    void of_codingsWithoutDisplay_getOne_whereverTheyAre() {
        String filled = filled("""
                {"resourceType":"Practitioner","id":"p",
                 "meta":{"tag":[{"system":"t","code":"1"}]},
                 "contained":[{"resourceType":"Organization","type":[{"coding":[{"system":"o","code":"2"}]}]}],
                 "extension":[{"url":"u","extension":[{"url":"v","valueCoding":{"system":"e","version":"7","code":"3"}}]}],
                 "birthDate":"1970","_birthDate":{"extension":[{"url":"u","valueCodeableConcept":{"coding":[{"system":"b","code":"4","userSelected":true}]}}]},
                 "qualification":[{"code":{"coding":[{"code":"5","system":"q"}]}}]}""");

        assertThat(filled)
                .contains("\"system\": \"t\", \"code\": \"1\", \"display\": \"1 of t\"")
                .contains("\"display\": \"2 of o\"")
                .contains("\"display\": \"3 of e 7\"")
                .contains("\"code\": \"4\", \"display\": \"4 of b\", \"userSelected\": true")
                .contains("\"code\": \"5\", \"display\": \"5 of q\", \"system\": \"q\"");
    }

    @Test
    void of_whatHasOneOrNeedsNone_staysAsItIs() {
        RawBsonDocument resource = RawBsonDocument.parse("""
                {"resourceType":"Observation","code":{"coding":[{"system":"s","code":"1","display":"mine"},
                 {"system":"s","code":"none"},{"code":"2"},{"system":"s"},{"system":"s","code":"3","_display":{"extension":[]}}]},
                 "valueQuantity":{"value":1,"system":"s","code":"4"},
                 "identifier":[{"system":"s","value":"5"}]}""");

        assertThat(FilledDisplays.of(resource, LABELS)).isSameAs(resource);
    }

    @Test
    void systemsWithout_areThoseOfCodesThatLackOne() {
        assertThat(FilledDisplays.systemsWithout(RawBsonDocument.parse("""
                {"resourceType":"Observation","code":{"coding":[{"system":"a","code":"1","display":"mine"},{"system":"b","code":"1"}]}}"""))).containsExactly("b");
    }

    private static String filled(String json) {
        return FilledDisplays.of(RawBsonDocument.parse(json), LABELS).toJson();
    }
}
