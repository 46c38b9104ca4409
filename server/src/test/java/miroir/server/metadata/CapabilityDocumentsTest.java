package miroir.server.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import miroir.index.registry.RegistryLoader;
import org.junit.jupiter.api.Test;

class CapabilityDocumentsTest {
    private final CapabilityDocuments documents = new CapabilityDocuments(
            FhirContext.forR4Cached(),
            RegistryLoader.load(Set.of("Device"), List.of()),
            base -> new Offer(Set.of("read"), false, false, "open", "1", base, Instant.EPOCH));

    @Test
    void of_sameBaseIsMadeOnce() {
        assertThat(documents.of("http://a/fhir").resource())
                .isSameAs(documents.of("http://a/fhir").resource());
    }

    @Test
    void of_otherBaseHasItsOwnUrlAndTag() {
        CapabilityDocument a = documents.of("http://a/fhir");
        CapabilityDocument b = documents.of("http://b/fhir");

        assertThat(b.resource().toString()).contains("\"http://b/fhir/metadata\"");
        assertThat(a.digest()).isNotEqualTo(b.digest()).matches("[0-9a-f]{32}");
    }

    @Test
    void of_manyBases_keepsTheOneThatIsAskedForAgainAndAgain() {
        CapabilityDocument first = documents.of("http://a/fhir");
        CapabilityDocument once = documents.of("http://a:1/fhir");
        for (int i = 2; i < 100; i++) {
            documents.of("http://a:" + i + "/fhir");
            assertThat(documents.of("http://a/fhir")).isSameAs(first);
        }

        assertThat(documents.of("http://a:1/fhir")).isNotSameAs(once);
    }
}
