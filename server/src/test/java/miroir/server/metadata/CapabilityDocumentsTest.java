package miroir.server.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import miroir.index.registry.RegistryLoader;
import org.junit.jupiter.api.Test;

class CapabilityDocumentsTest {
    private final CapabilityDocuments documents = new CapabilityDocuments(
            FhirContext.forR4Cached(),
            RegistryLoader.load(Set.of("Device"), List.of()),
            base -> new Offer(Set.of("read"), "open", false, "1", base, Instant.EPOCH));

    @Test
    void of_sameBaseIsMadeOnce() {
        assertThat(documents.of("http://a/fhir").json())
                .isSameAs(documents.of("http://a/fhir").json());
    }

    @Test
    void of_otherBaseHasItsOwnUrlAndTag() {
        CapabilityDocument a = documents.of("http://a/fhir");
        CapabilityDocument b = documents.of("http://b/fhir");

        assertThat(new String(b.json(), StandardCharsets.UTF_8)).contains("\"http://b/fhir/metadata\"");
        assertThat(a.etag()).isNotEqualTo(b.etag()).matches("W/\"[0-9a-f]{32}\"");
    }

    @Test
    void of_manyBasesAreAnsweredToo() {
        for (int i = 0; i < 100; i++) {
            assertThat(documents.of("http://host" + i).json()).isNotEmpty();
        }
    }
}
