package miroir.sync.bundle;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class RawBundleTest {
    private static final String WHOLE = """
            {"resourceType": "Bundle", "type": "searchset", "total": 2, "meta": {"tag": [{"code": "x"}]}, "entry": [
              {"fullUrl": "é", "search": {"mode": "match"}, "resource":
                {"resourceType": "Device", "id": "é", "meta": {"lastUpdated": "2026-08-25T10:16:00Z", "tag": []}, "x": [{"id": "no"}]}},
              {"resource": {"id": "2"}}],
             "link": [{"relation": "next", "url": "http://a/n"}, {"relation": "self", "url": "http://a/s"}]}""";

    private static RawBundle read(String json) throws IOException {
        return RawBundle.read(json.getBytes(UTF_8));
    }

    private static List<String> resources(RawBundle bundle) {
        return bundle.entries().stream()
                .map(RawEntry::json)
                .filter(Objects::nonNull)
                .map(json -> new String(json, UTF_8))
                .toList();
    }

    @Test
    void read_whole_knowsWhatIsToBeKnown() throws IOException {
        RawBundle bundle = read(WHOLE);

        assertThat(bundle.isBundle()).isTrue();
        assertThat(bundle.type()).isEqualTo("searchset");
        assertThat(bundle.total()).isEqualTo(2);
        assertThat(bundle.linked()).isTrue();
        assertThat(bundle.next()).isEqualTo("http://a/n");
        RawEntry first = bundle.entries().get(0);
        assertThat(first.type()).isEqualTo("Device");
        assertThat(first.id()).isEqualTo("é");
        assertThat(first.mode()).isEqualTo("match");
        assertThat(first.updated()).isEqualTo("2026-08-25T10:16:00Z");
        assertThat(resources(bundle).get(0))
                .startsWith("{\"resourceType\": \"Device\"")
                .endsWith("\"no\"}]}");
        assertThat(resources(bundle).get(1)).isEqualTo("{\"id\": \"2\"}");
    }

    @Test
    void read_withAByteOrderMark_hasTheSameResources() throws IOException {
        assertThat(resources(read("\uFEFF" + WHOLE))).isEqualTo(resources(read(WHOLE)));
    }

    /** Every value in turn is something else; whatever that is, reading comes to its end, with a Bundle or a refusal. */
    @Test
    void read_anyValueReplaced_ends() throws IOException {
        List<String> others = List.of("null", "true", "7", "\"x\"", "[]", "[null]", "[[{}]]", "{}", "{\"a\": [1]}");
        Matcher values = Pattern.compile("(?<=[:\\[,]\\s{0,20})(\"[^\"]*\"(?!\\s*:)|[0-9]+|[{\\[])")
                .matcher(WHOLE);
        int replaced = 0;
        while (values.find()) {
            for (String other : others) {
                String json = WHOLE.substring(0, values.start()) + other + WHOLE.substring(end(values));
                assertThat(read(json).entries()).as(json).hasSizeLessThanOrEqualTo(2);
                replaced++;
            }
        }
        assertThat(replaced).isGreaterThan(150);
    }

    /** Where the value that was found ends. */
    private static int end(Matcher value) {
        int depth = 0;
        int at = value.start();
        do {
            char c = WHOLE.charAt(at++);
            depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
        } while (depth > 0);
        return Math.max(at, value.end());
    }

    @Test
    void read_cutAnywhereOrFollowed_isRefused() {
        for (int length = 0; length < WHOLE.length(); length++) {
            String cut = WHOLE.substring(0, length);
            assertThatThrownBy(() -> read(cut)).as("%d", length).isInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> read(WHOLE + "{}")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> read("[]")).isInstanceOf(IOException.class);
    }

    /** Places in it would not be places of bytes. */
    @Test
    void read_notUtf8_isRefused() {
        assertThatThrownBy(() -> RawBundle.read(WHOLE.getBytes(UTF_16LE))).isInstanceOf(IOException.class);
    }

    @Test
    void links_thatAreNone_areNoLinks() throws IOException {
        for (String links : List.of("[null]", "[3]", "null", "\"x\"", "[[]]", "[{}, 1]")) {
            assertThat(read("{\"link\": " + links + "}").linked()).as(links).isFalse();
        }
        assertThat(read("{\"link\": []}").linked()).isTrue();
    }
}
