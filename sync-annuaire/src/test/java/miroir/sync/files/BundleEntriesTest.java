package miroir.sync.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BundleEntriesTest {

    @Test
    void of_bundle_givesTheBytesOfEachResource() {
        assertThat(entries("""
                {"link": [{"entry": [{"resource": {"a": 1}}]}],
                 "entry": [ {"fullUrl": "é", "resource": {"id" : "é", "x": [ {"resource": 1} ]}, "search": {}},
                            {"search": {"mode": "match"}}, null, 3, [{"resource": {}}],
                            {"resource": {"id": "2"}} ],
                 "resourceType": "Bundle"}""")).containsExactly("{\"id\" : \"é\", \"x\": [ {\"resource\": 1} ]}", "{\"id\": \"2\"}");
    }

    @Test
    void of_emptyBundle_isNothing() {
        assertThat(entries("{\"resourceType\":\"Bundle\",\"entry\":[]}")).isEmpty();
        assertThat(entries("{\"resourceType\":\"Bundle\"}")).isEmpty();
    }

    @Test
    void of_otherResource_isItself() {
        String list = "{\"resourceType\":\"List\",\"entry\":[{\"resource\":{}}]}";

        assertThat(entries(list)).containsExactly(list);
    }

    @Test
    void of_truncatedBundle_isItselfForTheReaderToRefuse() {
        String truncated = "{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":{}},";

        assertThat(entries(truncated)).containsExactly(truncated);
    }

    @Test
    void of_noObject_isItself() {
        assertThat(entries("[]")).containsExactly("[]");
        assertThat(entries("")).containsExactly("");
    }

    private static List<String> entries(String json) {
        return BundleEntries.of(json.getBytes(UTF_8)).stream()
                .map(bytes -> new String(bytes, UTF_8))
                .toList();
    }
}
