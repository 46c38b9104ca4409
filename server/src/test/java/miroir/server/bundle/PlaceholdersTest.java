package miroir.server.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import miroir.index.Refusal;
import miroir.index.store.ResourceKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PlaceholdersTest {
    private final Placeholders placeholders = new Placeholders("http://me.example/fhir");

    PlaceholdersTest() {
        placeholders.put("urn:uuid:1", new ResourceKey("Patient", "p"));
        placeholders.put("http://a.example/fhir/Patient/1", new ResourceKey("Patient", "a"));
        placeholders.put("http://me.example/fhir/Patient/1", new ResourceKey("Patient", "m"));
        placeholders.putNew("urn:uuid:2", new ResourceKey("Patient", "n"));
        placeholders.putNew("http://me.example/fhir/Patient/n", new ResourceKey("Patient", "n"));
        placeholders.put("", new ResourceKey("Patient", "nothing"));
    }

    @ParameterizedTest
    @CsvSource({
        "urn:uuid:9,                              urn:uuid:1,                       Patient/p",
        "urn:uuid:9,                              Patient/1,                        Patient/m",
        "'',                                      Patient/1,                        Patient/m",
        "http://a.example/fhir/Observation/1,     Patient/1,                        Patient/a",
        "http://b.example/fhir/Observation/1,     Patient/1,                        Patient/1",
        "http://b.example/fhir/Observation/1,     http://a.example/fhir/Patient/1,  Patient/a",
        "urn:uuid:9,                              Patient/2,                        Patient/2",
        "urn:uuid:9,                              Patient/1/_history/1,             Patient/m/_history/1",
        "urn:uuid:9,                              urn:uuid:2/_history/7,            Patient/n/_history/1",
        "urn:uuid:9,                              Patient/n/_history/7,             Patient/n/_history/1",
        "urn:uuid:9,                              '#contained',                     '#contained'"
    })
    void reference_isReadWhereItStands(String fullUrl, String reference, String stored) {
        assertThat(placeholders.reference(placeholders.root(entry(fullUrl)), reference))
                .isEqualTo(stored);
    }

    @Test
    void reference_toAPlaceholderOfNobody_isRefused() {
        assertThatThrownBy(() -> placeholders.reference("", "urn:uuid:3"))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("urn:uuid:3");
    }

    @ParameterizedTest
    @CsvSource({
        "urn:uuid:9,                              urn:uuid:1,   Patient/p",
        "urn:uuid:9,                              urn:uuid:3,   urn:uuid:3",
        "urn:uuid:9,                              Patient/1,    Patient/m",
        "http://a.example/fhir/Observation/1,     Patient/1,    Patient/a",
        "http://b.example/fhir/Observation/1,     Patient/1,    Patient/1",
        "urn:uuid:9,                              Patient/1#x,  Patient/1#x",
        "urn:uuid:9,                              a.png,        a.png"
    })
    void uri_isReadWhereItStands_andNeverRefused(String fullUrl, String uri, String stored) {
        assertThat(placeholders.uri(placeholders.root(entry(fullUrl)), uri)).isEqualTo(stored);
    }

    private static BundleEntry entry(String fullUrl) {
        return new BundleEntry(0, fullUrl, "POST", "Observation", Map.of(), null, null);
    }
}
