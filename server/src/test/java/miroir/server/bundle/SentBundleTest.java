package miroir.server.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import miroir.index.Refusal;
import miroir.index.xml.ReadBundle;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SentBundleTest {
    @Test
    void read_entry_hasItsRequestAndItsConditionsAsHeaders() {
        SentBundle bundle = read("{type: 'batch', entry: [{fullUrl: 'urn:x', resource: {resourceType: 'Basic'},"
                + " request: {method: 'PUT', url: 'Basic/1', ifMatch: 'W/\"1\"', ifNoneExist: 'a=b',"
                + " ifModifiedSince: '2026-11-27T10:00:00.5+01:00'}}, {}]}");

        assertThat(bundle.isTransaction()).isFalse();
        BundleEntry entry = bundle.entries().get(0);
        assertThat(entry).hasToString("entry[0] (PUT Basic/1)");
        assertThat(entry.fullUrl()).isEqualTo("urn:x");
        assertThat(entry.resource()).isEqualTo(RawBsonDocument.parse("{resourceType: 'Basic'}"));
        assertThat(entry.conditions())
                .containsOnly(
                        Map.entry("If-Match", "W/\"1\""),
                        Map.entry("If-None-Exist", "a=b"),
                        Map.entry("If-Modified-Since", "Fri, 27 Nov 2026 09:00:00 GMT"));
        assertThat(bundle.entries().get(1).method()).isEmpty();
        assertThat(bundle.entries().get(1).resource()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"{type: 'message'}, message", "{}, batch", "'{type: ''batch'', entry: [{}, {}, {}]}', allowed are 2"})
    void read_otherBundle_isRefusedByName(String json, String named) {
        assertThatThrownBy(() -> read(json)).isInstanceOf(Refusal.class).hasMessageContaining(named);
    }

    @Test
    void read_fullUrlOfMegabytes_isRefused() {
        assertThatThrownBy(() -> read("{type: 'batch', entry: [{}, {fullUrl: 'http://" + "a".repeat(2000) + "'}]}"))
                .isInstanceOf(Refusal.class)
                .hasMessage("the fullUrl of entry[1] has 2007 characters; allowed are 2000");
    }

    @Test
    void withoutResources_keepsEverythingElse_andWhatIsNoResource() {
        assertThat(SentBundle.withoutResources(RawBsonDocument.parse(
                        "{resourceType: 'Bundle', entry: [{resource: {a: 1}, request: {b: 2}}, {resource: 7}, 8]}")))
                .isEqualTo(RawBsonDocument.parse("{resourceType: 'Bundle', entry: [{fullUrl: 'urn:resource',"
                        + " request: {b: 2}}, {resource: 7}, 8]}"));
    }

    private static SentBundle read(String json) {
        return SentBundle.read(new ReadBundle(RawBsonDocument.parse(json), Map.of()), 2);
    }
}
